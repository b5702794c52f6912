"""The proofs that come round: what they find is an indicator, an alert, a ticket, and ends."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests import marketplace

from shopnow.alerts import (
    list_episodes,
    load_indicators,
    load_judge,
    readings,
    sample,
    watch_once,
)
from shopnow.desk import one_ticket
from shopnow.jobs import TASKS, prove_the_journal, prove_the_retention
from shopnow.journal import Event, read_events, record_event, seal_minutes
from shopnow.kernel import FixedClock, SystemClock, connect
from shopnow.privacy import apply_retention

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import psycopg

    from shopnow.alerts import Reading
    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

TASK = {one.name: one for one in TASKS}


@pytest.fixture
def conn(first_day: Settings) -> Iterator[psycopg.Connection]:
    with connect(first_day) as connection:
        yield connection


def read(conn: psycopg.Connection, settings: Settings, name: str, now: datetime) -> list[Reading]:
    one = {name: load_indicators(settings)[name]}
    sample(conn, settings, one.values(), now, everything=True)
    return readings(conn, one, now)


def test_a_journal_that_was_touched_is_told_of_until_it_is_as_it_was(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    task, now = TASK["prove_the_journal"], SystemClock().now()
    [reading] = read(conn, first_day, "journal_findings", now)
    assert reading.health == "no_data"
    record_event(conn, Event(now, "essai", "technique", "INFO", "essai"))
    # An hour later its minute is closed.
    later = FixedClock(now + timedelta(hours=1))
    assert seal_minutes(first_day, later).events
    assert task.does(first_day, later).endswith("0 constats")
    [reading] = read(conn, first_day, "journal_findings", later.now())
    assert (reading.value, reading.health) == (0, "good")
    with connect(first_day, "shopnow_owner") as owner:
        assert owner.execute("UPDATE journal.event SET message = 'tout va bien' "
                             "WHERE message = 'essai'").rowcount == 1  # fmt: skip
        assert task.does(first_day, later).endswith("1 constats")
        [event] = read_events(conn, code="journal_proved", levels=["ERROR"])
        assert event.payload is not None
        assert event.payload["kinds"] == ["event_changed"]
        judge = load_judge(first_day)
        watch_once(conn, first_day, later.now() + timedelta(minutes=2), judge=judge)
        [alert] = list_episodes(conn, rule="preuve-du-journal-rompue")
        assert (alert.priority, alert.value) == ("P1", 1)
        assert alert.ticket_no is not None
        # The proof is told as what it is, not also as any event of security.
        assert [one.label for one in list_episodes(conn, rule="evenements-de-securite")] == []
        owner.execute("UPDATE journal.event SET message = 'essai' "
                      "WHERE message = 'tout va bien'")  # fmt: skip
    task.does(first_day, later)
    for minutes in (4, 10):
        at = later.now() + timedelta(minutes=minutes)
        watch_once(conn, first_day, at, judge=judge)
    assert list_episodes(conn, rule="preuve-du-journal-rompue") == []
    assert one_ticket(conn, alert.ticket_no).state == "resolved"


def test_data_past_its_time_is_told_of_until_it_is_purged(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    task, clock = TASK["prove_the_retention"], SystemClock()
    now = clock.now()
    # What was visited is older than thirteen months.
    assert now - marketplace.NOON > timedelta(days=400)
    assert "dépassées" in task.does(first_day, clock)
    by_class = {one.label: one for one in read(conn, first_day, "retention_overdue_days", now)}
    assert by_class["traceurs"].health == "breach"
    assert by_class["comptabilite"].health == "good"
    [event] = read_events(conn, code="retention_proved")
    assert event.level == "ERROR"
    judge = load_judge(first_day)
    watch_once(conn, first_day, now + timedelta(minutes=6), judge=judge)
    found = {one.label: one for one in list_episodes(conn, rule="conservation-depassee")}
    assert "traceurs" in found
    ticket = one_ticket(conn, found["traceurs"].ticket_no or 0)
    assert (ticket.role, ticket.priority, ticket.runbook) == ("dpo", "P2", "conservation-depassee")
    assert all(one.outcome == "done" for one in apply_retention(first_day, clock))
    assert ", 0 dépassées" in task.does(first_day, clock)
    for minutes in (12, 18):
        watch_once(conn, first_day, now + timedelta(minutes=minutes), judge=judge)
    assert list_episodes(conn, rule="conservation-depassee") == []


def test_a_purge_that_fails_is_told_to_who_answers_for_it(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    with connect(first_day, "shopnow_owner") as owner:
        owner.execute("ALTER TABLE dwh.fact_clickstream ADD CONSTRAINT no_change "
                      "CHECK (user_ref IS NOT NULL) NOT VALID")  # fmt: skip
    failed = [one.treatment for one in apply_retention(first_day, SystemClock())
              if one.outcome == "failed"]  # fmt: skip
    assert failed == ["traceurs"]
    now = SystemClock().now() + timedelta(minutes=1)
    watch_once(conn, first_day, now, judge=load_judge(first_day))
    [alert] = list_episodes(conn, rule="purge-en-echec")
    assert "traceurs" in alert.message
    assert one_ticket(conn, alert.ticket_no or 0).role == "dpo"
    assert list_episodes(conn, rule="evenements-de-securite") == []


def test_a_new_warehouse_has_nothing_to_be_proved_and_no_finding(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    clock = SystemClock()
    assert prove_the_journal(first_day, clock).endswith(", 0 scellés, 0 constats")
    # Once something was sealed, the file of seals must be there.
    later = FixedClock(clock.now() + timedelta(minutes=5))
    assert prove_the_journal(first_day, later).endswith(" 0 constats")
    file = first_day.home / "ledgers" / "seals.jsonl"
    assert file.is_file()
    with connect(first_day, "shopnow_owner") as owner:
        assert owner.execute("DELETE FROM journal.seal").rowcount
    assert not prove_the_journal(first_day, later).endswith(" 0 constats")


def test_on_the_days_of_a_demo_both_proofs_have_data(
    first_day: Settings, conn: psycopg.Connection
) -> None:
    clock = FixedClock(marketplace.NOON + timedelta(minutes=5))
    prove_the_journal(first_day, clock)
    prove_the_retention(first_day, clock)
    for name in ("journal_findings", "retention_overdue_days"):
        found = read(conn, first_day, name, clock.now())
        assert {one.health for one in found} <= {"good", "no_data"}, name
        assert [one for one in found if one.health == "good"], name
