"""Logins of sellers and staff: what each sees, and that none outlives its end.

Asked as whoever was let in, with the password that was shown once.
"""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql
from tests.security.access.conftest import CLOCK, lines_seen, login, own_warehouse, withdraw_all

from shopnow.journal import LedgerBrokenError
from shopnow.kernel import Settings, TerminalError, UsageError, acting_as, connect
from shopnow.security import (
    Granted,
    apply_access,
    apply_grants,
    apply_revoke,
    check_access,
    draw_password,
    list_accesses,
    plan_every_seller,
    plan_revoke,
    plan_revoke_seller,
    plan_seller,
    plan_staff,
    replay_access,
    resume,
    set_expiry,
    suspend,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg.rows import TupleRow

pytestmark = [pytest.mark.integration, pytest.mark.security]
HOUR = timedelta(hours=1)


def let_in(settings: Settings, *sellers: str, name: str, **more: object) -> Granted:
    plan = plan_seller(settings, CLOCK, sellers, login=name, **more)  # type: ignore[arg-type]
    return apply_grants(settings, CLOCK, [plan])[0]


def until_refused(session: psycopg.Connection[TupleRow]) -> None:
    """Ask for rows for a second or two: a session that was ended is told so at its next word."""
    for _ in range(20):
        session.execute("SELECT count(*) FROM dwh.fact_order")
        time.sleep(0.1)


def test_a_seller_sees_its_own_rows_and_nobody_elses(filled: Settings) -> None:
    first, second = let_in(filled, "S001", name="un"), let_in(filled, "S002", name="deux")
    for granted, own in ((first, {1}), (second, {2})):
        with login(filled, granted) as session:
            assert lines_seen(session) == own
            row = session.execute(
                "SELECT count(*), min(title) FROM seller.my_products WHERE seller_no = ANY('{1,2}')"
            ).fetchone()
            assert row == (3, f"Article {min(own)}-1")


def test_two_logins_of_one_seller_and_one_login_of_a_group(filled: Settings) -> None:
    again = let_in(filled, "S001", name="un-bis")
    group = let_in(filled, "S001", "S003", name="groupe")
    with login(filled, again) as session:
        assert lines_seen(session) == {1}
    with login(filled, group) as session:
        assert lines_seen(session) == {1, 3}
    plan = plan_revoke_seller(filled, CLOCK, "S003")
    assert [one.label for one in plan.narrowed] == ["groupe"]
    with login(filled, group) as session:
        apply_revoke(filled, CLOCK, plan)
        assert lines_seen(session) == {1}


def test_names_of_roles_say_nothing_of_the_seller(filled: Settings) -> None:
    granted = let_in(filled, "S004", name="opaque")
    assert "s004" not in granted.access.role_name
    assert granted.access.label not in granted.access.role_name


def test_a_shared_order_tells_two_sellers_nothing_in_common(first_day: Settings) -> None:
    """Neither the reference of the order nor that of the buyer matches between two sellers."""
    with connect(first_day, "shopnow_owner") as connection:
        row = connection.execute(
            "SELECT order_id, array_agg(DISTINCT seller_no) FROM dwh.fact_order"
            " WHERE seller_no > 0 GROUP BY order_id HAVING count(DISTINCT seller_no) > 1 LIMIT 1"
        ).fetchone()
        assert row is not None, "the tiny marketplace has an order of two sellers"
        names = connection.execute(
            "SELECT min(seller_id) FROM security.seller_identifier WHERE seller_no = ANY(%(nos)s)"
            " GROUP BY seller_no ORDER BY seller_no",
            {"nos": row[1]},
        ).fetchall()
    seen = []
    for (seller_id,) in names:
        label = f"partage-{str(seller_id).lower()}"
        with login(first_day, let_in(first_day, seller_id, name=label)) as session:
            rows = session.execute("SELECT order_ref, buyer_ref FROM seller.my_orders").fetchall()
            assert rows
            seen.append({value for line in rows for value in line})
            for column in ("order_id", "customer_no", "customer_key", "line_no"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    session.execute(
                        sql.SQL("SELECT {} FROM dwh.fact_order").format(sql.Identifier(column))
                    )
    withdraw_all(first_day)
    assert seen[0].isdisjoint(seen[1])


def test_suspended_means_no_row_at_once_and_resumed_all_of_them(filled: Settings) -> None:
    granted = let_in(filled, "S001", name="suspendu")
    with login(filled, granted) as session:
        assert lines_seen(session) == {1}
        suspend(filled, CLOCK, ["suspendu"])
        assert lines_seen(session) == set()
        assert session.execute("SELECT security.my_sellers()").fetchone() == ([],)
        resume(filled, CLOCK, ["suspendu"])
        assert lines_seen(session) == {1}


def test_expired_means_no_row_in_an_open_session_and_no_new_one(filled: Settings) -> None:
    granted = let_in(filled, "S001", name="expire", expires_at=CLOCK.now() + HOUR)
    with login(filled, granted) as session:
        assert lines_seen(session) == {1}
        set_expiry(filled, CLOCK, "expire", CLOCK.now() - HOUR)
        assert lines_seen(session) == set()
    with pytest.raises(psycopg.OperationalError):
        login(filled, granted)
    set_expiry(filled, CLOCK, "expire", None)
    with login(filled, granted) as session:
        assert lines_seen(session) == {1}


def test_revoked_means_session_ended_login_refused_and_role_gone(filled: Settings) -> None:
    granted = let_in(filled, "S001", name="retire")
    with closing(login(filled, granted)) as session:
        apply_revoke(filled, CLOCK, plan_revoke(filled, CLOCK, ["retire"]))
        with pytest.raises(psycopg.OperationalError):
            until_refused(session)
    with pytest.raises(psycopg.OperationalError):
        login(filled, granted)
    with connect(filled, None) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname = %s", [granted.access.role_name]
        ).fetchone()
    assert row == (0,)
    with pytest.raises(UsageError, match="no open access"):
        plan_revoke(filled, CLOCK, ["retire"])
    assert let_in(filled, "S001", name="retire").access.role_name != granted.access.role_name


def test_a_new_password_ends_the_old_one_and_its_sessions(filled: Settings) -> None:
    granted = let_in(filled, "S002", name="motdepasse")
    with closing(login(filled, granted)) as session:
        fresh = draw_password(filled, CLOCK, "motdepasse")
        with pytest.raises(psycopg.OperationalError):
            until_refused(session)
    with pytest.raises(psycopg.OperationalError):
        login(filled, granted)
    with login(filled, granted, password=fresh.password) as session:
        assert lines_seen(session) == {2}


def test_passwords_stand_nowhere(filled: Settings) -> None:
    granted = let_in(filled, "S002", name="secret")
    word = (granted.password or "").encode()
    assert word
    assert word.decode() not in repr(granted)
    files = [path for path in filled.home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if word in path.read_bytes()]
    with connect(filled, "shopnow_owner") as connection:
        for (text,) in connection.execute("SELECT payload::text || message FROM journal.event"):
            assert word.decode() not in text


def test_a_role_without_access_sees_nothing(filled: Settings) -> None:
    """Somebody made a role by hand and put it into the group: it is mapped to no seller."""
    with connect(filled, None) as connection:
        connection.execute("CREATE ROLE stray_by_hand")
        connection.execute("GRANT shopnow_seller TO stray_by_hand")
        try:
            with acting_as(connection, "stray_by_hand"):
                assert lines_seen(connection) == set()
            found = {(one.code, one.target) for one in check_access(filled)}
            assert ("membership_extra", "stray_by_hand in shopnow_seller") in found
        finally:
            connection.execute("DROP ROLE stray_by_hand")


def test_the_pages_take_a_role_for_one_transaction_and_have_nothing_without(
    filled: Settings,
) -> None:
    plans = [plan_seller(filled, CLOCK, [name]) for name in ("S001", "S002")]
    first, second = [one.access for one in apply_grants(filled, CLOCK, plans)]
    assert not first.can_login
    assert first.web_login is not None
    with connect(filled, first.web_login) as pages:
        for _ in range(3):
            for access, own in ((first, {1}), (second, {2})):
                with acting_as(pages, access.role_name):
                    assert lines_seen(pages) == own
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    pages.execute("SELECT 1 FROM dwh.fact_order")
        for role in ("shopnow_seller", "shopnow_analyst", "shopnow_etl", "postgres"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), acting_as(pages, role):
                pages.execute("SELECT 1")


def test_a_seller_becomes_nobody_and_keeps_its_limits(filled: Settings) -> None:
    granted = let_in(filled, "S001", name="bornes")
    other = let_in(filled, "S002", name="autre")
    with login(filled, granted) as session:
        for role in ("shopnow_seller", other.access.role_name, "shopnow_owner", "postgres"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SET temp_file_limit = -1")
        for statement in (
            "CREATE TEMPORARY TABLE mine (n integer)",
            "CREATE TABLE public.mine (n integer)",
            "CREATE FUNCTION seller.leak() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
            "UPDATE security.seller_access SET seller_no = 2",
            "SELECT * FROM security.access",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)
        rows = session.execute("SELECT role_name FROM security.seller_access").fetchall()
        assert rows == [(granted.access.role_name,)]


def test_staff_is_let_in_by_name_and_the_star_for_ninety_days(filled: Settings) -> None:
    plan = plan_staff(filled, CLOCK, "analyst_detail", "essai.etoile")
    assert plan.expires_at is not None
    assert plan.expires_at - CLOCK.now() <= timedelta(days=90)
    with pytest.raises(UsageError, match="90 days"):
        plan_staff(filled, CLOCK, "analyst_detail", "essai.long", CLOCK.now() + timedelta(days=91))
    for role in ("etl", "owner", "backup", "seller", "web_staff"):
        with pytest.raises(UsageError, match="nobody is let in as"):
            plan_staff(filled, CLOCK, role, "essai.fort")
    granted = apply_grants(filled, CLOCK, [plan])[0]
    with login(filled, granted) as session:
        assert session.execute("SELECT current_user").fetchone() == ("essai.etoile",)
        assert lines_seen_by_staff(session) == {1, 2, 3, 4}
        assert session.execute("SHOW log_statement").fetchone() == ("all",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SET log_statement = none")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("SELECT 1 FROM privacy.vault")


def lines_seen_by_staff(session: psycopg.Connection[tuple[object, ...]]) -> set[object]:
    return {
        number for (number,) in session.execute("SELECT DISTINCT seller_no FROM dwh.fact_order")
    }


@pytest.mark.parametrize(
    ("sellers", "name", "refusal"),
    [
        (["S999"], "x1", "no seller 'S999'"),
        (["S001"], "Majuscule", "is no name"),
        (["S001"], "a", "is no name"),
        (["S001"], "-tiret", "is no name"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    filled: Settings, sellers: list[str], name: str, refusal: str
) -> None:
    with pytest.raises(UsageError, match=refusal):
        plan_seller(filled, CLOCK, sellers, login=name)


def test_merged_sellers_are_seen_by_the_one_that_stands_for_them(filled: Settings) -> None:
    """S63, S64: the roles of Y see both; when the merge is undone, its own again."""
    granted = let_in(filled, "S004", name="fusion")
    bridge = "INSERT INTO security.seller_bridge VALUES (3, 4, '2025-01-01')"
    with login(filled, granted) as session:
        with connect(filled) as loader, loader.transaction():
            loader.execute(bridge)
            loader.execute("SELECT security.follow_merges()")
        assert lines_seen(session) == {3, 4}
        suspend(filled, CLOCK, ["fusion"])
        assert lines_seen(session) == set()
        resume(filled, CLOCK, ["fusion"])
        assert lines_seen(session) == {3, 4}
        assert check_access(filled) == ()
        with connect(filled) as loader, loader.transaction():
            loader.execute("UPDATE security.seller_bridge SET valid_to = '2025-02-01'")
            loader.execute("SELECT security.follow_merges()")
        assert lines_seen(session) == {4}


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
