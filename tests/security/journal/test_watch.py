"""Connections, refusals and changes of rights end in the journal, whoever makes them."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from shopnow.journal import verify_journal
from shopnow.kernel import FixedClock, Settings, SystemClock, connect, connection_parameters
from shopnow.kernel.server import Server
from shopnow.security.watch import read_server_log, watch_catalogue, watch_security

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.security]

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def events(settings: Settings, code: str, **payload: object) -> list[dict[str, Any]]:
    """Payloads of the events of a code in which these values stand."""
    with connect(settings) as connection:
        rows = connection.execute(
            "SELECT payload || jsonb_build_object('level', level, 'message', message)"
            " FROM journal.event WHERE error_code = %s ORDER BY event_no",
            [code],
        ).fetchall()
    return [said for (said,) in rows if payload.items() <= said.items()]


def read(settings: Settings, at: datetime = NOW) -> int:
    with connect(settings) as connection:
        return read_server_log(connection, settings, at).events


def run(connection: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    """Execute a statement with names in the places of its braces."""
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@pytest.fixture
def stranger(warehouse: Settings) -> Iterator[str]:
    """Give the name of a role of its own, so that the shared log is not in the way."""
    name = f"probe_{uuid.uuid4().hex[:12]}"
    with connect(warehouse, None) as connection:
        run(connection, "CREATE ROLE {} LOGIN PASSWORD 'secret' CONNECTION LIMIT 1", name)
        run(connection, "GRANT CONNECT ON DATABASE {} TO {}", warehouse.database, name)
    yield name
    with connect(warehouse, None) as connection:
        run(connection, "DROP OWNED BY {}", name)
        run(connection, "DROP ROLE {}", name)


def knock(settings: Settings, role: str, word: str = "secret") -> psycopg.Connection:
    target = connection_parameters(settings, None)
    return psycopg.connect(
        host=target["host"],
        port=target["port"],
        dbname=target["dbname"],
        user=role,
        password=word,
        autocommit=True,
    )


def test_a_connection_and_a_refused_right_are_told_once(warehouse: Settings, stranger: str) -> None:
    with knock(warehouse, stranger) as connection:
        # The session outlives a reading: the refusal is still known to be its.
        read(warehouse)
        for _ in range(3):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT 1 FROM dwh.fact_order")
    read(warehouse)
    read(warehouse)
    opened = events(warehouse, "connection_opened", role=stranger)
    assert [(one["count"], one["level"]) for one in opened] == [(1, "INFO")]
    refused = events(warehouse, "permission_refused", role=stranger)
    assert sum(one["count"] for one in refused) == 3
    assert {(one["object"], one["level"]) for one in refused} == {("schema dwh", "WARNING")}


def test_refused_logins_are_counted_and_what_was_typed_is_not_kept(
    warehouse: Settings, stranger: str
) -> None:
    for _ in range(20):
        with pytest.raises(psycopg.OperationalError):
            knock(warehouse, stranger, "guess")
    with pytest.raises(psycopg.OperationalError):
        knock(warehouse, "MyPassword123")
    with knock(warehouse, stranger), pytest.raises(psycopg.OperationalError):
        knock(warehouse, stranger)
    read(warehouse)
    refused = events(warehouse, "connection_refused", role=stranger)
    by_code = {one["sqlstate"]: 0 for one in refused}
    for one in refused:
        by_code[one["sqlstate"]] += one["count"]
    assert by_code == {"28P01": 20, "53300": 1}
    assert len(refused) <= 4
    with connect(warehouse) as connection:
        kept = connection.execute(
            "SELECT count(*) FROM journal.event WHERE event::text LIKE '%MyPassword123%'"
        ).fetchone()
    assert kept == (0,)


def test_a_name_with_a_line_break_forges_no_line(warehouse: Settings, stranger: str) -> None:
    forged = (
        f"x\n2026-03-01 08:00:00.000 UTC [1] 1.1 1 1/1 10.6.6.6 00000 LOG:  connection authorized: "
        f"user={stranger} database=shopnow"
    )
    with pytest.raises(psycopg.OperationalError):
        knock(warehouse, forged)
    read(warehouse)
    assert events(warehouse, "connection_opened", role=stranger) == []
    assert events(warehouse, "connection_opened", host="10.6.6.6") == []


def test_a_session_that_speaks_like_the_server_is_not_believed(
    warehouse: Settings, stranger: str
) -> None:
    other = f"{stranger}_other"
    said = (
        f"connection authorized: user={stranger} database=x application_name=y",
        "disconnection: session time: 0:00:00.001",
        f"connection authorized: user={stranger} database=x",
    )
    with connect(warehouse, None) as connection:
        run(connection, "CREATE ROLE {} LOGIN PASSWORD 'secret'", other)
        run(connection, "GRANT CONNECT ON DATABASE {} TO {}", warehouse.database, other)
    try:
        with knock(warehouse, other) as connection:
            words = sql.SQL(" ").join(sql.SQL("RAISE LOG {};").format(one) for one in said)
            connection.execute(sql.SQL("DO $$ BEGIN {} END $$").format(words))
            with pytest.raises(psycopg.errors.InvalidPassword):
                connection.execute(
                    "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '28P01', MESSAGE ="
                    f" 'password authentication failed for user \"{stranger}\"'; END $$"
                )
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT 1 FROM dwh.fact_order")
        read(warehouse)
    finally:
        with connect(warehouse, None) as connection:
            run(connection, "DROP OWNED BY {0}; DROP ROLE {0}", other)
    for code in ("connection_opened", "connection_refused", "permission_refused"):
        assert events(warehouse, code, role=stranger) == []
    refused = events(warehouse, "permission_refused", role=other)
    assert [one["count"] for one in refused] == [1]
    with connect(warehouse) as connection:
        left = connection.execute(
            "SELECT count(*) FROM journal.log_session WHERE role_name = %s", [other]
        ).fetchone()
    assert left == (0,)


def _folder(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Path:
    folder.mkdir()
    monkeypatch.setattr(Server, "log_folder", lambda _: folder)
    return folder


LINE = (
    "2026-03-01 07:{minute:02d}:00.000 UTC [9] {session:x}.9 2 1/4 10.0.0.{host} 00000 LOG:  "
    "connection authorized: user=shopnow_etl database=d application_name=a b\n"
)


def _line(minute: int, host: int) -> str:
    return LINE.format(minute=minute, session=minute + 1, host=host)


def test_the_tail_survives_half_lines_rotation_and_a_name_used_again(
    warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(monkeypatch, tmp_path / "log")
    sunday, monday = folder / "postgresql-Sun.log", folder / "postgresql-Mon.log"
    sunday.write_text(_line(1, 1) + _line(2, 2)[:60])
    assert (read(warehouse), read(warehouse)) == (1, 0)
    with sunday.open("a") as stream:
        stream.write(_line(2, 2)[60:])
    monday.write_text(_line(3, 3))
    assert (read(warehouse), read(warehouse)) == (2, 0)
    # A week later the server begins the file anew, longer than it was or shorter.
    sunday.write_text(_line(4, 4) + _line(5, 5) + _line(6, 6))
    assert (read(warehouse), read(warehouse)) == (3, 0)
    monday.write_text("")
    assert read(warehouse) == 0
    monday.write_text(_line(7, 7))
    assert read(warehouse) == 1
    hosts = [one["host"] for one in events(warehouse, "connection_opened")]
    assert hosts == [f"10.0.0.{n}" for n in range(1, 8)]


def test_a_tail_that_slept_too_long_says_so(
    warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(monkeypatch, tmp_path / "log")
    (folder / "postgresql-Sun.log").write_text(_line(1, 1))
    read(warehouse)
    read(warehouse, NOW + timedelta(days=7))
    assert [one["level"] for one in events(warehouse, "server_log_gap")] == ["WARNING"]


def test_a_log_elsewhere_is_said_to_be_out_of_reach(warehouse: Settings) -> None:
    elsewhere = replace(warehouse, dsn="postgresql://localhost/x")
    with connect(warehouse) as connection:
        assert not read_server_log(connection, elsewhere, NOW).reachable


CHANGES = {
    "a role": ("CREATE ROLE {role}_b LOGIN BYPASSRLS", "role", "INSERT"),
    "a trait of a role": ("ALTER ROLE {role} CREATEROLE", "role", "UPDATE"),
    "a date of a role": ("ALTER ROLE {role} VALID UNTIL '2030-01-01'", "role", "UPDATE"),
    "a membership": ("GRANT shopnow_etl TO {role}", "membership", "INSERT"),
    "a setting of a role": ("ALTER ROLE {role} SET row_security = off", "role setting", "INSERT"),
    "a right on a table": ("GRANT SELECT ON dwh.fact_order TO {role}", "grant", "INSERT"),
    "a right on a column": ("GRANT SELECT (city) ON dwh.dim_customer TO {role}", "grant", "INSERT"),
    "a right of everybody": ("GRANT SELECT ON quality.reject TO PUBLIC", "grant", "INSERT"),
    "a right on a function of the system": (
        "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {role}",
        "grant",
        "INSERT",
    ),
    "a right on a partition": (
        (
            "CREATE TABLE dwh.p PARTITION OF dwh.fact_order FOR VALUES FROM ('2001-01-01')"
            " TO ('2001-02-01'); GRANT SELECT ON dwh.p TO {role}"
        ),
        "grant",
        "INSERT",
    ),
    "row security taken off": (
        (
            "ALTER TABLE dwh.fact_order ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
            " ALTER TABLE dwh.dim_product NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY"
        ),
        "relation",
        "UPDATE",
    ),
    "a policy": (
        "CREATE POLICY wide ON dwh.fact_order FOR SELECT TO {role} USING (TRUE)",
        "policy",
        "INSERT",
    ),
    "a view with other rights": (
        "ALTER VIEW seller.my_orders SET (security_invoker = false)",
        "relation",
        "UPDATE",
    ),
    "a function": (
        "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "function",
        "INSERT",
    ),
    "a trigger": (
        (
            "CREATE TRIGGER x BEFORE UPDATE ON dwh.dim_date FOR EACH ROW"
            " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
        ),
        "trigger",
        "INSERT",
    ),
}


def test_each_change_made_by_hand_is_an_event(warehouse: Settings, stranger: str) -> None:
    with connect(warehouse) as watcher, connect(warehouse, None) as connection:
        watch_catalogue(watcher, warehouse, NOW)
        assert watch_catalogue(watcher, warehouse, NOW).differences == ()
        try:
            for change, (statement, kind, action) in CHANGES.items():
                connection.execute(statement.format(role=stranger))
                found = watch_catalogue(watcher, warehouse, NOW).differences
                assert (kind, action) in {(one.kind, one.action) for one in found}, change
                told = events(warehouse, "catalogue_changed", kind=kind, action=action.lower())
                assert {one["level"] for one in told} == {"WARNING"}, change
        finally:
            _undo(connection, stranger)


def _undo(connection: psycopg.Connection, role: str) -> None:
    """Take back what the other databases of the server would see."""
    run(connection, "DROP ROLE IF EXISTS {}", f"{role}_b")
    run(connection, "ALTER ROLE {} RESET ALL", role)
    run(connection, "REVOKE shopnow_etl FROM {}", role)


def test_a_change_that_a_command_announced_is_no_alarm(warehouse: Settings, stranger: str) -> None:
    with connect(warehouse) as watcher, connect(warehouse, None) as connection:
        watch_catalogue(watcher, warehouse, NOW)
        run(connection, "GRANT SELECT ON quality.reject TO {}", stranger)
        watch_catalogue(watcher, warehouse, NOW, said_by="access grant")
    told = events(warehouse, "catalogue_changed", kind="grant")
    assert [(one["said_by"], one["level"]) for one in told] == [("access grant", "INFO")]
    assert stranger in told[0]["object"]


def test_a_password_changed_by_hand_is_an_event_that_says_nothing_of_it(
    warehouse: Settings, stranger: str
) -> None:
    with connect(warehouse) as watcher, connect(warehouse, None) as connection:
        watch_catalogue(watcher, warehouse, NOW)
        for word in ("first-Word-17", "other-Word-18"):
            statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
            connection.execute(statement.format(sql.Identifier(stranger), word))
            watch_catalogue(watcher, warehouse, NOW)
        assert watch_catalogue(watcher, warehouse, NOW).differences == ()
        row = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [stranger]
        ).fetchone()
    assert row is not None
    told = events(warehouse, "catalogue_changed", kind="password", action="update")
    assert [(one["object"], one["level"]) for one in told] == [(stranger, "WARNING")] * 2
    said = str(told)
    assert not any(part in said for part in row[0].replace("$", ":").split(":")[2:])
    assert "Word" not in said


def test_passwords_out_of_reach_are_kept_as_last_seen_and_first_seen_is_no_change(
    warehouse: Settings, stranger: str
) -> None:
    """A server of others may not show them; a warehouse of an older version never looked."""
    with connect(warehouse) as watcher, connect(warehouse, None) as connection:
        watch_catalogue(watcher, warehouse, NOW)
        blind = replace(warehouse, dsn="postgresql://localhost:1/none")
        found = watch_catalogue(watcher, blind, NOW).differences
        assert "password" not in {one.kind for one in found}
        watch_catalogue(watcher, warehouse, NOW)
        kept = "SELECT count(*) > 5 FROM journal.catalogue_fact WHERE kind = 'password'"
        assert connection.execute(kept).fetchone() == (True,)
        connection.execute("DELETE FROM journal.catalogue_fact WHERE kind = 'password'")
        assert watch_catalogue(watcher, warehouse, NOW).differences == ()
        assert connection.execute(kept).fetchone() == (True,)
        run(connection, "ALTER ROLE {} PASSWORD NULL", stranger)
        found = watch_catalogue(watcher, warehouse, NOW).differences
    assert [(one.kind, one.action, one.object) for one in found] == [
        ("password", "DELETE", stranger)
    ]


def test_many_changes_at_once_are_told_together(warehouse: Settings) -> None:
    with connect(warehouse) as watcher, connect(warehouse, None) as connection:
        watch_catalogue(watcher, warehouse, NOW)
        for number in range(60):
            made = "CREATE FUNCTION public.{}() RETURNS int LANGUAGE sql AS 'SELECT 1'"
            run(connection, made, f"f{number}")
        watch_catalogue(watcher, warehouse, NOW)
    told = events(warehouse, "catalogue_changed", kind="function")
    assert [len(one["objects"]) for one in told] == [60]


def test_one_pass_reads_compares_and_seals(warehouse: Settings, stranger: str) -> None:
    clock = SystemClock()
    watch_security(warehouse, clock)
    knock(warehouse, stranger).close()
    later = FixedClock(clock.now() + timedelta(minutes=2))
    watch_security(warehouse, later)
    done = watch_security(warehouse, FixedClock(clock.now() + timedelta(minutes=4)))
    assert done.sealed.slipped_in == ()
    report = verify_journal(warehouse, clock)
    assert (report.findings, report.seals > 0) == ([], True)
    shutil.rmtree(warehouse.home / "ledgers")
    assert [one.kind for one in verify_journal(warehouse, clock).findings] == ["file_missing"]
