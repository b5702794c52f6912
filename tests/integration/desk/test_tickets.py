"""Tickets on a real database: priorities, owners, lives, alerts, the report of a month."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest

from shopnow.desk import (
    LEVELS,
    Desk,
    NewTicket,
    TicketEvent,
    list_tickets,
    load_raci,
    month_report,
    one_ticket,
    ticket_events,
    workload,
)
from shopnow.kernel import TerminalError, UsageError, connect

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.desk import Level
    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

# A Tuesday at ten, in Paris.
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MATRIX = {
    ("haut", "haut"): "P1", ("haut", "moyen"): "P2", ("haut", "bas"): "P3",
    ("moyen", "haut"): "P2", ("moyen", "moyen"): "P2", ("moyen", "bas"): "P3",
    ("bas", "haut"): "P3", ("bas", "moyen"): "P3", ("bas", "bas"): "P3",
}  # fmt: skip


def new(
    impact: Level = "haut", urgency: Level = "haut", activity: str = "plateforme",
    fingerprint: str | None = None, occurrences: int = 1,
) -> NewTicket:  # fmt: skip
    return NewTicket(
        "incident", activity, "essai", impact, urgency,
        alert_fingerprint=fingerprint, occurrences=occurrences,
    )  # fmt: skip


def opened(desk: Desk, conn: psycopg.Connection, ticket: NewTicket, now: datetime = NOW) -> int:
    made = desk.open(conn, ticket, actor="essai", now=now)
    assert made is not None
    return made


@pytest.mark.parametrize("impact", LEVELS)
@pytest.mark.parametrize("urgency", LEVELS)
def test_every_cell_of_the_matrix(
    desk: Desk, conn: psycopg.Connection, impact: Level, urgency: Level
) -> None:
    one = one_ticket(conn, opened(desk, conn, new(impact, urgency)))
    assert one.priority == MATRIX[impact, urgency]


def test_every_activity_has_an_owner_at_once(desk: Desk, conn: psycopg.Connection) -> None:
    for activity in desk.raci.activities.values():
        one = one_ticket(conn, opened(desk, conn, new(activity=activity.name)))
        assert one.role == activity.responsible
        assert one.assignee in desk.raci.roles[one.role].members


def test_work_is_spread_over_the_seats_of_a_role(desk: Desk, conn: psycopg.Connection) -> None:
    for _ in range(12):
        opened(desk, conn, new("bas", "bas", "fraicheur"))
    seats = [one for one in workload(conn) if one.role == "exploitant"]
    weights = [4 * one.p1 + 2 * one.p2 + one.p3 for one in seats]
    assert len(weights) == 3
    assert max(weights) - min(weights) <= 1


def test_a_ticket_follows_its_events(desk: Desk, conn: psycopg.Connection) -> None:
    number = opened(desk, conn, new())
    assert one_ticket(conn, number).due_at == NOW + 4 * HOUR
    for after, kind, hold, state in [
        (0.5, "started", "", "in_progress"), (1, "paused", "vendeur", "waiting"),
        (3, "resumed", "vendeur", "in_progress"), (4, "resolved", "", "resolved"),
        (5, "closed", "", "closed"),
    ]:  # fmt: skip
        now = NOW + after * HOUR
        one = desk.record(conn, number, TicketEvent(kind, now, "essai", hold=hold), now)
        assert one.state == state
    assert one.elapsed_seconds == 2 * 3600
    assert one.is_met is True
    assert (one.resolved_at, one.closed_at) == (NOW + 4 * HOUR, NOW + 5 * HOUR)


def test_a_closed_ticket_takes_no_other_turn(desk: Desk, conn: psycopg.Connection) -> None:
    number = opened(desk, conn, new())
    desk.record(conn, number, TicketEvent("resolved", NOW, "essai"), NOW)
    with pytest.raises(UsageError, match="it cannot be paused"):
        desk.record(conn, number, TicketEvent("paused", NOW, "essai", hold="x"), NOW)
    with pytest.raises(UsageError, match="no ticket 999999"):
        desk.record(conn, 999_999, TicketEvent("paused", NOW, "essai"), NOW)


def test_what_was_written_down_stays(shared: Settings, conn: psycopg.Connection) -> None:
    for statement in ("UPDATE desk.ticket_event SET comment = ''", "DELETE FROM desk.ticket_event",
                      "DELETE FROM desk.ticket"):  # fmt: skip
        for role in ("shopnow_etl", "shopnow_operator", "shopnow_admin"):
            with (
                connect(shared, role) as other,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                other.execute(statement)


def test_an_alert_has_one_ticket_until_it_is_closed(desk: Desk, conn: psycopg.Connection) -> None:
    first, is_new = desk.follow_alert(conn, new(fingerprint="one"), NOW)
    again, is_new_again = desk.follow_alert(conn, new(fingerprint="one", occurrences=7), NOW)
    assert (first, is_new, is_new_again) == (again, True, False)
    assert one_ticket(conn, first).occurrences == 7
    assert desk.alert_recovered(conn, "one", NOW + HOUR) == first
    back, _ = desk.follow_alert(conn, new(fingerprint="one", occurrences=8), NOW + 1.2 * HOUR)
    assert back == first
    assert one_ticket(conn, first).state == "in_progress"
    assert desk.alert_recovered(conn, "one", NOW + 2 * HOUR) == first
    assert first not in desk.keep_up(conn, NOW + 2.2 * HOUR)
    assert first in desk.keep_up(conn, NOW + 3 * HOUR)
    assert one_ticket(conn, first).state == "closed"
    other, is_new = desk.follow_alert(conn, new(fingerprint="one"), NOW + 4 * HOUR)
    assert is_new
    assert other != first


def test_an_alert_that_grows_worse_raises_its_ticket(desk: Desk, conn: psycopg.Connection) -> None:
    number, _ = desk.follow_alert(conn, new("bas", "bas", fingerprint="worse"), NOW)
    desk.follow_alert(conn, new("haut", "haut", fingerprint="worse"), NOW + HOUR)
    one = one_ticket(conn, number)
    assert (one.priority, one.impact) == ("P1", "haut")
    assert one.elapsed_seconds == 3600
    desk.follow_alert(conn, new("bas", "bas", fingerprint="worse"), NOW + HOUR)
    assert one_ticket(conn, number).priority == "P1"


def test_many_who_notice_the_same_alert_open_one_ticket(
    shared: Settings, desk: Desk, conn: psycopg.Connection
) -> None:
    def notice() -> None:
        with connect(shared) as own:
            desk.follow_alert(own, new(fingerprint="crowd"), NOW)

    crowd = [threading.Thread(target=notice) for _ in range(6)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(list_tickets(conn, fingerprint="crowd")) == 1


def test_a_broken_promise_is_noted_though_nobody_touches_the_ticket(
    desk: Desk, conn: psycopg.Connection
) -> None:
    number = opened(desk, conn, new())
    desk.keep_up(conn, NOW + 5 * HOUR)
    assert one_ticket(conn, number).breached_at == NOW + 4 * HOUR


def test_the_report_of_a_month_counts_by_priority(desk: Desk, conn: psycopg.Connection) -> None:
    june = datetime(2026, 6, 9, 9, tzinfo=UTC)
    for hours in (1, 3, 6):
        number = opened(desk, conn, new(), june)
        done = june + hours * HOUR
        desk.record(conn, number, TicketEvent("resolved", done, "essai"), done)
    opened(desk, conn, new("haut", "moyen"), june)
    now = june + timedelta(hours=10)
    lines = {
        one.priority: one
        for one in month_report(conn, desk, "2026-06", desk.agreement.promises["P2"].calendar.zone,
                                now)
    }  # fmt: skip
    first, second = lines["P1"], lines["P2"]
    assert (first.opened, first.resolved, first.late) == (3, 3, 1)
    assert first.in_time_pct == pytest.approx(200 / 3)
    assert first.mttr == timedelta(hours=10) / 3
    assert (second.opened, second.resolved, second.in_time_pct, second.mttr) == (1, 0, None, None)


def test_a_home_may_bring_its_own_team(tmp_path: Path) -> None:
    own = tmp_path / "raci.yaml"
    own.write_text(
        "roles: {equipe: {title: Équipe, members: [poste]}}\n"
        "activities: {tout: {title: Tout, raci: {R: equipe, A: equipe, C: [], I: []}}}\n"
    )
    assert load_raci(tmp_path).activities["tout"].responsible == "equipe"
    own.write_text(
        "roles: {}\nactivities: {tout: {title: T, raci: {R: equipe, A: equipe, C: [], I: []}}}\n"
    )
    with pytest.raises(TerminalError, match="names equipe, which has no member"):
        load_raci(tmp_path)


def test_events_keep_their_order_of_writing(desk: Desk, conn: psycopg.Connection) -> None:
    number = opened(desk, conn, new())
    kinds = [event.kind for event in ticket_events(conn, number)]
    assert kinds == ["opened", "assigned"]
