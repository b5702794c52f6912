"""The service report of a month: per priority how many, how many in time, how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shopnow.desk.clock import clock_at
from shopnow.desk.declarations import PRIORITIES
from shopnow.desk.model import clock_events
from shopnow.desk.store import events_of_tickets, list_tickets

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import psycopg

    from shopnow.desk.clock import Priority
    from shopnow.desk.store import Desk

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One priority of a month; `mttr` is the mean open time until resolution, None without any.

    `in_time_pct` counts what is resolved or already late; None when there is neither.
    """

    priority: Priority
    opened: int
    resolved: int
    late: int
    in_time_pct: float | None
    mttr: timedelta | None


def month_bounds(month: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first instants of a month `YYYY-MM` and of the next; raises ValueError."""
    first = datetime.strptime(month, "%Y-%m").replace(tzinfo=zone)
    years, index = divmod(first.month, _MONTHS)
    return first, first.replace(year=first.year + years, month=index + 1)


def month_report(
    conn: psycopg.Connection, desk: Desk, month: str, zone: ZoneInfo, now: datetime
) -> list[MonthLine]:
    """Return the report of the tickets opened in a month, as of `now`."""
    tickets = list_tickets(conn, opened=month_bounds(month, zone), most=1_000_000)
    events = events_of_tickets(conn, [one.ticket_no for one in tickets])
    lines = []
    for priority in PRIORITIES:
        clocks = [
            clock_at(clock_events(events[one.ticket_no]), desk.agreement.promises, now)
            for one in tickets
            if one.priority == priority
        ]
        done = [clock for clock in clocks if clock.state == "stopped"]
        late = [clock for clock in clocks if clock.breached_at is not None]
        judged = len([clock for clock in clocks if clock.state == "stopped" or clock.breached_at])
        share = 100.0 * (judged - len(late)) / judged if judged else None
        total = sum((clock.elapsed for clock in done), timedelta())
        mttr = total / len(done) if done else None
        lines.append(MonthLine(priority, len(clocks), len(done), len(late), share, mttr))
    return lines
