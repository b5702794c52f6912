"""Whoever changes, removes or adds an event of a sealed minute is found, the superuser too."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from shopnow.journal import (
    EVENT_COLUMNS,
    Event,
    access_ledger,
    note_restore,
    purge_events,
    record_event,
    seal_ledger,
    seal_minutes,
    verify_journal,
)
from shopnow.kernel import FixedClock, Settings, TerminalError, connect

pytestmark = [pytest.mark.integration, pytest.mark.security]

START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def at(minute: float) -> FixedClock:
    return FixedClock(START + timedelta(minutes=minute))


def event(minute: float, word: str = "ran") -> Event:
    return Event(START + timedelta(minutes=minute), "test", "technique", "INFO", word)


def write(settings: Settings, *events: Event) -> None:
    with connect(settings) as connection:
        for one in events:
            record_event(connection, one)


def found(settings: Settings) -> set[tuple[str, tuple[int, ...]]]:
    report = verify_journal(settings, at(60))
    return {(finding.kind, finding.event_nos) for finding in report.findings}


@pytest.fixture
def sealed(warehouse: Settings) -> Settings:
    """Give a warehouse with three sealed minutes of two events, numbers 1 to 6."""
    write(warehouse, *(event(minute + part) for minute in range(3) for part in (0.1, 0.6)))
    seal_minutes(warehouse, at(3))
    assert found(warehouse) == set()
    return warehouse


ATTACKS = {
    "a message changed": (
        "UPDATE journal.event SET message = 'nothing' WHERE event_no = 3",
        {("event_changed", (3,))},
    ),
    "a payload changed by one word": (
        """UPDATE journal.event SET payload = '{"n": 1}' WHERE event_no = 2""",
        {("event_changed", (2,))},
    ),
    "an event moved to an open minute": (
        "UPDATE journal.event SET ts = ts + interval '1 day' WHERE event_no = 1",
        {("event_changed", (1,))},
    ),
    "two events exchanged": (
        (
            "UPDATE journal.event SET message = CASE event_no WHEN 1 THEN 'a' ELSE 'b' END"
            " WHERE event_no < 3"
        ),
        {("event_changed", (1, 2))},
    ),
    "an event removed": (
        "DELETE FROM journal.event WHERE event_no = 4",
        {("event_removed", (4,))},
    ),
    "all events of a minute removed with their seal": (
        (
            "WITH gone AS (DELETE FROM journal.event WHERE event_no IN (5, 6))"
            " DELETE FROM journal.seal WHERE seal_no = 3"
        ),
        {("event_removed", (5, 6)), ("seal_missing", ())},
    ),
    "an event removed and put back under another number": (
        (
            "WITH gone AS (DELETE FROM journal.event WHERE event_no = 2 RETURNING *)"
            " INSERT INTO journal.event OVERRIDING SYSTEM VALUE"
            " SELECT 90, ts, source, type, level, message, error_code, seller_no, run_id,"
            " delivery_key, payload, transaction_id FROM gone"
        ),
        {("event_removed", (2,)), ("event_inserted", (90,))},
    ),
    "an event slipped into a sealed minute, with the transaction of another": (
        (
            "INSERT INTO journal.event OVERRIDING SYSTEM VALUE"
            " SELECT 91, ts, source, type, level, 'alibi', error_code, seller_no, run_id,"
            " delivery_key, payload, transaction_id FROM journal.event WHERE event_no = 1"
        ),
        {("event_inserted", (91,))},
    ),
    "a digest of a seal replaced": (
        "UPDATE journal.seal SET digest = sha256('x') WHERE seal_no = 2",
        {("seal_altered", ())},
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_superuser_is_found(sealed: Settings, attack: str) -> None:
    statement, expected = ATTACKS[attack]
    with connect(sealed, None) as connection:
        done = connection.execute(statement)
        assert done.rowcount
    assert found(sealed) == expected
    # The next sealing does not cover it up.
    write(sealed, event(4))
    if ("seal_missing", ()) in expected:
        with pytest.raises(TerminalError, match="has 2 seals"):
            seal_minutes(sealed, at(5))
    else:
        seal_minutes(sealed, at(5))
    assert found(sealed) == expected


def test_an_event_slipped_in_with_the_triggers_off_is_never_sealed(sealed: Settings) -> None:
    with connect(sealed, None) as connection:
        connection.execute("ALTER TABLE journal.event DISABLE TRIGGER ALL")
        connection.execute(
            "INSERT INTO journal.event (ts, source, type, level, message, transaction_id)"
            " VALUES (%s, 'test', 'technique', 'INFO', 'alibi', pg_current_xact_id())",
            [START],
        )
        connection.execute("ALTER TABLE journal.event ENABLE TRIGGER ALL")
    assert found(sealed) == {("event_inserted", (7,))}
    sealing = seal_minutes(sealed, at(5))
    assert sealing.slipped_in == (7,)
    assert found(sealed) == {("event_inserted", (7,))}
    with connect(sealed) as connection:
        told = connection.execute(
            "SELECT payload FROM journal.event WHERE error_code = 'journal_slipped_in'"
        ).fetchone()
    assert told == ({"event_nos": [7]},)


def test_the_loader_changes_no_event_and_dates_none_into_the_past(sealed: Settings) -> None:
    with connect(sealed) as connection:
        for statement in (
            "UPDATE journal.event SET message = 'x'",
            "DELETE FROM journal.event",
            "TRUNCATE journal.event",
            "UPDATE journal.seal SET events = 0",
            "DELETE FROM journal.seal",
            (
                "INSERT INTO journal.event (ts, source, type, level, message, transaction_id)"
                " VALUES (now(), 'x', 'technique', 'INFO', 'x', '3')"
            ),
            (
                "INSERT INTO journal.event (event_no, ts, source, type, level, message)"
                " OVERRIDING SYSTEM VALUE VALUES (1, now(), 'x', 'technique', 'INFO', 'x')"
            ),
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        record_event(connection, event(1, "late news"))
        late = connection.execute(
            "SELECT ts > %s, payload ->> 'happened_at' FROM journal.event"
            " WHERE message = 'late news'",
            [START + timedelta(minutes=3)],
        ).fetchone()
    assert late == (True, "2026-03-01T08:01:00+00:00")
    assert found(sealed) == set()


def test_what_a_long_transaction_wrote_is_sealed_when_it_ends(warehouse: Settings) -> None:
    with connect(warehouse, autocommit=False) as long:
        record_event(long, event(0.5, "long"))
        write(warehouse, event(0.6))
        first = seal_minutes(warehouse, at(2))
        assert (first.events, found(warehouse)) == (1, set())
        long.commit()
    assert found(warehouse) == set()
    second = seal_minutes(warehouse, at(3))
    assert [seal.minute_at for seal in second.seals] == [START]
    assert (second.events, second.slipped_in, found(warehouse)) == (1, (), set())


def test_sealing_again_seals_nothing_and_open_minutes_wait(sealed: Settings) -> None:
    write(sealed, event(5.2))
    assert seal_minutes(sealed, at(5.5)).events == 0
    assert seal_minutes(sealed, at(6)).events == 1
    assert seal_minutes(sealed, at(6)).seals == ()
    assert verify_journal(sealed, at(7)).open_events == 0


def test_two_sealers_at_once_make_one_chain(warehouse: Settings) -> None:
    write(warehouse, *(event(minute) for minute in range(20)))
    threads = [
        threading.Thread(target=seal_minutes, args=(warehouse, at(minute)))
        for minute in (5, 10, 15, 20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report = verify_journal(warehouse, at(21))
    assert (report.seals, report.findings) == (20, [])


def test_the_file_is_found_altered_cut_or_gone(sealed: Settings) -> None:
    write(sealed, event(4))
    seal_minutes(sealed, at(5))
    path = seal_ledger(sealed, at(5)).path
    whole = path.read_bytes()
    entry = json.loads(whole.splitlines()[0])
    entry["body"]["seals"][0]["events"] = 7
    path.write_bytes(json.dumps(entry).encode() + b"\n" + whole.splitlines(keepends=True)[1])
    assert {kind for kind, _ in found(sealed)} == {"file_altered"}
    path.write_bytes(whole.splitlines(keepends=True)[0])
    assert {kind for kind, _ in found(sealed)} == {"file_behind"}
    path.unlink()
    assert found(sealed) == {("file_missing", ())}
    with pytest.raises(TerminalError, match="their file only 0"):
        seal_minutes(sealed, at(6))
    note_restore(sealed, at(6), "the file was lost")
    assert found(sealed) == set()


def test_a_crash_between_database_and_file_is_made_good(sealed: Settings) -> None:
    path = seal_ledger(sealed, at(5)).path
    before = path.read_bytes()
    write(sealed, event(4))
    seal_minutes(sealed, at(5))
    path.write_bytes(before)
    write(sealed, event(6))
    seal_minutes(sealed, at(7))
    assert found(sealed) == set()


def test_a_restore_is_refused_until_it_is_noted(sealed: Settings) -> None:
    with connect(sealed, None) as connection:
        # What a restore to an earlier time leaves.
        connection.execute("DELETE FROM journal.event WHERE event_no > 4")
        connection.execute("DELETE FROM journal.seal WHERE seal_no > 2")
    assert {kind for kind, _ in found(sealed)} == {"event_removed", "seal_missing"}
    with pytest.raises(TerminalError, match="has 2 seals"):
        seal_minutes(sealed, at(6))
    assert note_restore(sealed, at(6), "restored to 08:02") == 2
    assert found(sealed) == set()
    write(sealed, event(7))
    assert [seal.seal_no for seal in seal_minutes(sealed, at(8)).seals] == [3]
    assert found(sealed) == set()


def test_events_whose_time_is_over_go_without_a_finding(sealed: Settings) -> None:
    assert purge_events(sealed, at(10), START + timedelta(minutes=2)) == 4
    assert found(sealed) == set()
    with connect(sealed, None) as connection:
        connection.execute("DELETE FROM journal.event")
    assert found(sealed) == {("event_removed", (5, 6))}


def test_a_ledger_beside_is_sealed_too(warehouse: Settings) -> None:
    ledger = access_ledger(warehouse, at(0))
    ledger.append("granted", {"role": "r1"})
    write(warehouse, event(0))
    seal_minutes(warehouse, at(1))
    ledger.append("revoked", {"role": "r1"})
    assert found(warehouse) == set()
    ledger.path.unlink()
    ledger.append("granted", {"role": "r2"})
    assert found(warehouse) == {("ledger_altered", ())}


def test_every_column_of_an_event_is_in_its_digest(warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        columns = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'journal.event'::regclass"
            " AND attnum > 0 AND NOT attisdropped"
        ).fetchall()
    assert {name for (name,) in columns} == set(EVENT_COLUMNS)
