"""Which open tickets will break their promise: seen before it is broken, from those of the past.

Of the tickets of the same priority that were still open after as much time, the share that broke
their promise is the risk.  Where too few are known, the time that is left says it alone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shopnow.desk.clock import clock_at
from shopnow.desk.model import OPEN_STATES, clock_events
from shopnow.desk.store import SQL, events_of_tickets, list_tickets

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from shopnow.desk.clock import ClockState, Priority
    from shopnow.desk.model import Ticket
    from shopnow.desk.store import Desk

# Fewer tickets than that say nothing about the next one.
LEAST: Final = 8
_LOOKED_BACK: Final = timedelta(days=180)
# From this risk on, and from this share of the time on, somebody should look.
_RISKY: Final = 0.5
_LATE_SHARE: Final = 0.75


@dataclass(frozen=True, slots=True)
class Forecast:
    """How likely a ticket breaks its promise: from 0 to 1, 1 when it has; why, in French."""

    risk: float
    at_risk: bool
    reason_fr: str


def forecast(clock: ClockState, past: Sequence[timedelta]) -> Forecast:
    """Return what is to be expected of a running or paused clock; `past`: resolved alike ones."""
    if clock.breached_at is not None:
        return Forecast(1.0, at_risk=True, reason_fr="délai dépassé")
    share = clock.elapsed / clock.target
    as_old = [length for length in past if length > clock.elapsed]
    if len(as_old) < LEAST:
        said = f"{share * 100:.0f} % du délai est passé"
        return Forecast(min(share, 1.0), at_risk=share >= _LATE_SHARE, reason_fr=said)
    late = sum(length > clock.target for length in as_old)
    risk = late / len(as_old)
    said = f"sur {len(as_old)} tickets restés ouverts aussi longtemps, {late} en retard"
    return Forecast(risk, at_risk=risk >= _RISKY or share >= _LATE_SHARE, reason_fr=said)


def forecasts(
    conn: psycopg.Connection, desk: Desk, now: datetime
) -> list[tuple[Ticket, ClockState, Forecast]]:
    """Return the forecast of every open ticket at `now`, the riskiest first."""
    past = _past(conn, now)
    tickets = list_tickets(conn, states=OPEN_STATES)
    events = events_of_tickets(conn, [one.ticket_no for one in tickets])
    found = []
    for one in tickets:
        clock = clock_at(clock_events(events[one.ticket_no]), desk.agreement.promises, now)
        found.append((one, clock, forecast(clock, past[clock.priority])))
    return sorted(found, key=lambda each: (-each[2].risk, each[0].ticket_no))


def forecast_one(conn: psycopg.Connection, clock: ClockState, now: datetime) -> Forecast | None:
    """Return what is to be expected of one ticket; None when its clock has stopped."""
    return None if clock.state == "stopped" else forecast(clock, _past(conn, now)[clock.priority])


def _past(conn: psycopg.Connection, now: datetime) -> dict[Priority, list[timedelta]]:
    """How long tickets took that were resolved lately, by priority."""
    past: dict[Priority, list[timedelta]] = defaultdict(list)
    for priority, seconds in conn.execute(SQL["tickets_lengths"], {"since": now - _LOOKED_BACK}):
        past[priority].append(timedelta(seconds=float(seconds)))
    return past
