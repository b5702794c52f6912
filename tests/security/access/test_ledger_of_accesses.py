"""Map and roles follow the access ledger: after changes by hand, after a restore, in a review."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from tests.security.access.conftest import CLOCK, let_in, lines_seen, login, own_warehouse

from shopnow.journal import LedgerBrokenError
from shopnow.kernel import Settings, TerminalError, connect
from shopnow.security import (
    apply_access,
    apply_grants,
    apply_revoke,
    check_access,
    draw_password,
    list_accesses,
    plan_every_seller,
    plan_revoke,
    replay_access,
    suspend,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.integration, pytest.mark.security]


def test_a_map_changed_by_hand_is_found_and_undone(filled: Settings) -> None:
    granted = let_in(filled, "S001", name="carte")
    role = granted.access.role_name
    with connect(filled, "shopnow_owner") as connection:
        connection.execute(
            "INSERT INTO security.seller_access (role_name, seller_no, granted_at)"
            " VALUES (%(role)s, 2, '2025-01-01')",
            {"role": role},
        )
    with connect(filled, None) as connection:
        connection.execute(sql.SQL("ALTER ROLE {} BYPASSRLS").format(sql.Identifier(role)))
    found = {(one.code, one.target) for one in check_access(filled)}
    assert {("access_differs", role), ("role_differs", role)} <= found
    assert apply_access(filled) == ()
    with login(filled, granted) as session:
        assert lines_seen(session) == {1}


@pytest.fixture
def restored(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    yield from own_warehouse(test_server, tmp_path_factory.mktemp("restored"))


def test_a_restore_does_not_bring_back_what_was_revoked(filled: Settings) -> None:
    """The map is set back to what an older backup held; the ledger is replayed over it."""
    kept, gone = let_in(filled, "S001", name="garde"), let_in(filled, "S002", name="parti")
    with connect(filled, "shopnow_owner") as connection:
        connection.execute("CREATE TABLE security.old_access AS TABLE security.access")
        connection.execute("CREATE TABLE security.old_map AS TABLE security.seller_access")
    suspend(filled, CLOCK, ["garde"])
    fresh = draw_password(filled, CLOCK, "garde")
    apply_revoke(filled, CLOCK, plan_revoke(filled, CLOCK, ["parti"]))
    later = let_in(filled, "S003", name="apres")
    with connect(filled, "shopnow_owner") as connection, connection.transaction():
        connection.execute("TRUNCATE security.access, security.seller_access")
        connection.execute("INSERT INTO security.access TABLE security.old_access")
        connection.execute("INSERT INTO security.seller_access TABLE security.old_map")
        connection.execute("DROP TABLE security.old_access, security.old_map")
    # The roles come back with a physical backup, with their old passwords.
    with connect(filled, None) as connection:
        gone_role = sql.Identifier(gone.access.role_name)
        statement = "CREATE ROLE {} LOGIN PASSWORD {}"
        word = sql.Literal(gone.password)
        connection.execute(sql.SQL(statement).format(gone_role, word))
        connection.execute(sql.SQL("GRANT shopnow_seller TO {}").format(gone_role))
        connection.execute(
            sql.SQL("COMMENT ON ROLE {} IS {}").format(
                gone_role, sql.Literal(f"ShopNow access of {filled.database}")
            )
        )
        kept_role = sql.Identifier(kept.access.role_name)
        old = sql.Literal(kept.password)
        connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(kept_role, old))
    assert check_access(filled) != ()
    done = replay_access(filled, CLOCK)
    assert done.corrected
    assert done.passwords == 1
    assert check_access(filled) == ()
    with pytest.raises(psycopg.OperationalError):
        login(filled, gone)
    with pytest.raises(psycopg.OperationalError):
        login(filled, kept)
    with login(filled, kept, password=fresh.password) as session:
        assert lines_seen(session) == set()
    with login(filled, later) as session:
        assert lines_seen(session) == {3}
    again = replay_access(filled, CLOCK)
    assert (again.corrected, again.roles, again.passwords) == (0, 0, 0)


def test_a_ledger_that_is_broken_or_absent_opens_nothing(restored: Settings) -> None:
    with connect(restored, "shopnow_owner") as connection:
        connection.execute("INSERT INTO security.seller VALUES (1, '2025-01-01', FALSE)")
        connection.execute(
            "INSERT INTO security.seller_identifier VALUES ('olist', 'S001', '1900-01-01',"
            " '9999-12-31 00:00+00', 1)"
        )
    let_in(restored, "S001", name="un")
    apply_revoke(restored, CLOCK, plan_revoke(restored, CLOCK, ["un"]))
    path = restored.home / "ledgers" / "access.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0].replace(b'"un"', b'"eu"') + b"".join(lines[1:]))
    with pytest.raises(LedgerBrokenError):
        replay_access(restored, CLOCK)
    path.unlink()
    with pytest.raises(TerminalError, match="ledger is absent"):
        replay_access(restored, CLOCK)
    path.write_bytes(b"".join(lines))
    replay_access(restored, CLOCK)


def test_every_registered_seller_gets_its_pages_at_once_and_once(filled: Settings) -> None:
    plans = plan_every_seller(filled, CLOCK)
    apply_grants(filled, CLOCK, plans)
    assert plan_every_seller(filled, CLOCK) == []
    assert check_access(filled) == ()


def test_a_review_asks_about_what_nobody_looked_at(filled: Settings) -> None:
    let_in(filled, "S001", name="dormant")
    with connect(filled, "shopnow_owner") as connection:
        listed = list_accesses(connection, CLOCK.now())
    dormant = next(one for one in listed if one.label == "dormant")
    now = CLOCK.now()
    assert dormant.questions(now) == ()
    assert dormant.questions(now + timedelta(days=100)) == ("never_used",)
    assert dormant.questions(now + timedelta(days=200)) == ("never_used", "unreviewed")
    used = replace(dormant, last_used_at=now + timedelta(days=199), reviewed_at=now)
    assert used.questions(now + timedelta(days=180)) == ()
