"""Tickets in the database: events are added, and the ticket follows from them.

Protects three rules: an event is never changed, a ticket is never without an owner, and an alert
has exactly one ticket that is not closed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from shopnow.desk.clock import clock_at
from shopnow.desk.declarations import load_agreement, load_raci
from shopnow.desk.model import (
    OPEN_STATES,
    Load,
    Ticket,
    TicketEvent,
    clock_events,
    least_busy,
    refuse_impossible,
    state_after,
)
from shopnow.kernel import Sql, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from shopnow.desk.clock import ClockState
    from shopnow.desk.declarations import Agreement, Level, Raci
    from shopnow.desk.model import NewTicket, State
    from shopnow.kernel import Settings

SQL = Sql(__package__)
MOST: Final = 1000
_ALERT: Final = "alerte"


@dataclass(frozen=True)
class Desk:
    """The desk with its promises and its team; each call runs in the caller's connection."""

    agreement: Agreement
    raci: Raci

    @classmethod
    def of(cls, settings: Settings) -> Desk:
        """Return the desk of a home; raises TerminalError for a wrong declaration."""
        return cls(load_agreement(settings.tz), load_raci(settings.home))

    def open(
        self, conn: psycopg.Connection, new: NewTicket, *, actor: str, now: datetime
    ) -> int | None:
        """Open a ticket, owned from its first moment; None when its alert has one already.

        Raises UsageError for an activity that the RACI does not know.
        """
        activity = self.raci.activity(new.activity)
        role = self.raci.roles[activity.responsible]
        with conn.transaction():
            assignee = least_busy(role.members, workload(conn))
            priority = self.agreement.priority(new.impact, new.urgency)
            values = {
                "kind": new.kind, "activity": new.activity, "title": new.title,
                "description": new.description, "impact": new.impact, "urgency": new.urgency,
                "priority": priority, "role": role.name, "assignee": assignee,
                "opened_by": actor, "at": now, "now": now, "occurrences": new.occurrences,
                "alert_fingerprint": new.alert_fingerprint, "runbook": new.runbook,
                "seller_no": new.seller_no, "run_id": new.run_id,
                "delivery_key": new.delivery_key,
            }  # fmt: skip
            row = conn.execute(SQL["ticket_open"], values).fetchone()
            if row is None:
                return None
            number = int(row[0])
            _add(conn, number, TicketEvent("opened", now, actor, priority), now)
            chosen = {"role": role.name, "assignee": assignee}
            _add(conn, number, TicketEvent("assigned", now, actor, payload=chosen), now)
            self._follow(conn, number, now)
        return number

    def record(
        self, conn: psycopg.Connection, ticket_no: int, event: TicketEvent, now: datetime
    ) -> Ticket:
        """Add an event and return the ticket after it.

        Raises UsageError when there is no such ticket or its state does not allow the event.
        """
        with conn.transaction():
            if conn.execute(SQL["ticket_lock"], {"ticket_no": ticket_no}).fetchone() is None:
                raise UsageError(f"no ticket {ticket_no}", "`shopnow ticket list` shows them.")
            state = state_after(ticket_events(conn, ticket_no))
            refuse_impossible(event.kind, state, ticket_no)
            _add(conn, ticket_no, event, now)
            return self._follow(conn, ticket_no, now, event.payload)

    def reclassify(
        self,
        conn: psycopg.Connection,
        ticket_no: int,
        impact: Level,
        urgency: Level,
        *,
        actor: str,
        now: datetime,
        comment: str = "",
    ) -> Ticket:
        """Give a ticket another impact and urgency; what has elapsed stays."""
        priority = self.agreement.priority(impact, urgency)
        payload = {"impact": impact, "urgency": urgency}
        event = TicketEvent("reclassified", now, actor, priority, "", comment, payload)
        return self.record(conn, ticket_no, event, now)

    def follow_alert(
        self, conn: psycopg.Connection, new: NewTicket, now: datetime
    ) -> tuple[int, bool]:
        """Open the ticket of an alert, or bring the one it has up to date.

        Returns its number and whether it is new. One that was resolved is opened again.
        """
        with conn.transaction():
            values = {"fingerprint": new.alert_fingerprint}
            row = conn.execute(SQL["ticket_of_alert"], values).fetchone()
            if row is None:
                number = self.open(conn, new, actor=_ALERT, now=now)
                if number is not None:
                    return number, True
                row = conn.execute(SQL["ticket_of_alert"], values).fetchone()
            assert row is not None  # noqa: S101 — the unique index says there is one
            number = int(row[0])
            conn.execute(
                SQL["ticket_repeat"], {"ticket_no": number, "occurrences": new.occurrences}
            )
            if row[1] == "resolved":
                event = TicketEvent("reopened", now, _ALERT, comment="l'alerte est revenue")
                self.record(conn, number, event, now)
            current = one_ticket(conn, number)
            wanted = self.agreement.priority(new.impact, new.urgency)
            if wanted < current.priority:
                self.reclassify(
                    conn, number, new.impact, new.urgency, actor=_ALERT, now=now,
                    comment="l'alerte s'est aggravée",
                )  # fmt: skip
            return number, False

    def alert_recovered(
        self, conn: psycopg.Connection, fingerprint: str, now: datetime
    ) -> int | None:
        """Resolve the ticket of an alert that is over; None when nobody has one open."""
        with conn.transaction():
            values = {"fingerprint": fingerprint}
            row = conn.execute(SQL["ticket_of_alert"], values).fetchone()
            if row is None or row[1] == "resolved":
                return None
            event = TicketEvent("resolved", now, _ALERT, comment="rétabli : l'alerte a cessé")
            return self.record(conn, int(row[0]), event, now).ticket_no

    def keep_up(self, conn: psycopg.Connection, now: datetime) -> list[int]:
        """Close what stayed quiet after its recovery, note promises broken since; closed ones."""
        with conn.transaction():
            before = {"resolved_before": now - self.agreement.confirmation}
            quiet = [int(row[0]) for row in conn.execute(SQL["tickets_confirmed"], before)]
            for number in quiet:
                event = TicketEvent("closed", now, _ALERT, comment="pas de retour de l'alerte")
                self.record(conn, number, event, now)
            for row in conn.execute(SQL["tickets_moving"], {"now": now}).fetchall():
                self._follow(conn, int(row[0]), now)
        return quiet

    def seat(
        self, conn: psycopg.Connection, ticket: Ticket, role: str | None, who: str | None
    ) -> dict[str, Any]:
        """Return role and assignee for a ticket; the least busy of the role when nobody is named.

        Raises UsageError for a role or a seat that the RACI does not know.
        """
        holders = {name: one.name for one in self.raci.roles.values() for name in one.members}
        if who is not None and who not in holders:
            raise UsageError(f"nobody called {who!r} in the RACI", f"Seats: {', '.join(holders)}.")
        wanted = role or (holders[who] if who else ticket.role)
        if wanted not in self.raci.roles:
            message = f"no role {wanted!r} in the RACI"
            raise UsageError(message, f"Roles: {', '.join(self.raci.roles)}.")
        seat = who or least_busy(self.raci.roles[wanted].members, workload(conn))
        return {"role": wanted, "assignee": seat}

    def clock(self, conn: psycopg.Connection, ticket_no: int, now: datetime) -> ClockState:
        """Return the clock of a ticket at `now`."""
        events = clock_events(ticket_events(conn, ticket_no))
        return clock_at(events, self.agreement.promises, now)

    def _follow(
        self,
        conn: psycopg.Connection,
        ticket_no: int,
        now: datetime,
        said: dict[str, Any] | None = None,
    ) -> Ticket:
        """Write into the ticket what its events say."""
        events = ticket_events(conn, ticket_no)
        clock = clock_at(clock_events(events), self.agreement.promises, now)
        state = state_after(events)
        names = ("impact", "urgency", "role", "assignee", "external_ref")
        conn.execute(
            SQL["ticket_update"],
            {
                "ticket_no": ticket_no, "state": state, "priority": clock.priority, "now": now,
                "resolved_at": None if state in OPEN_STATES else _last(events, "resolved"),
                "closed_at": _last(events, "closed") if state == "closed" else None,
                "due_at": clock.due_at, "breached_at": clock.breached_at,
                "elapsed_seconds": clock.elapsed.total_seconds(), "is_met": clock.is_met,
            }
            | {name: (said or {}).get(name) for name in names},
        )  # fmt: skip
        return one_ticket(conn, ticket_no)


def list_tickets(
    conn: psycopg.Connection,
    *,
    states: Sequence[State] | None = None,
    priority: str | None = None,
    assignee: str | None = None,
    opened: tuple[datetime | None, datetime | None] = (None, None),
    fingerprint: str | None = None,
    ticket_no: int | None = None,
    most: int = MOST,
) -> list[Ticket]:
    """Return the tickets that fit, most urgent first; `assignee` is a seat or a role."""
    values = {
        "ticket_no": ticket_no, "states": list(states) if states else None, "priority": priority,
        "assignee": assignee, "opened_from": opened[0], "opened_to": opened[1],
        "fingerprint": fingerprint, "most": most,
    }  # fmt: skip
    with conn.cursor(row_factory=class_row(Ticket)) as cursor:
        return cursor.execute(SQL["tickets"], values).fetchall()


def one_ticket(conn: psycopg.Connection, ticket_no: int) -> Ticket:
    """Return a ticket; raises UsageError when there is none of that number."""
    found = list_tickets(conn, ticket_no=ticket_no)
    if not found:
        raise UsageError(f"no ticket {ticket_no}", "`shopnow ticket list` shows them.")
    return found[0]


def ticket_events(conn: psycopg.Connection, ticket_no: int) -> list[TicketEvent]:
    """Return what happened to a ticket, in order."""
    with conn.cursor(row_factory=class_row(TicketEvent)) as cursor:
        return cursor.execute(SQL["ticket_events"], {"ticket_nos": [ticket_no]}).fetchall()


def events_of_tickets(
    conn: psycopg.Connection, ticket_nos: Sequence[int]
) -> dict[int, list[TicketEvent]]:
    """Return the events of several tickets by their number, in one question."""
    found: dict[int, list[TicketEvent]] = {number: [] for number in ticket_nos}
    with conn.cursor(row_factory=class_row(TicketEvent)) as cursor:
        for event in cursor.execute(SQL["ticket_events"], {"ticket_nos": list(ticket_nos)}):
            found[event.ticket_no].append(event)
    return found


def workload(conn: psycopg.Connection) -> list[Load]:
    """Return the open tickets of each seat that has any."""
    with conn.cursor(row_factory=class_row(Load)) as cursor:
        return cursor.execute(SQL["workload"]).fetchall()


def _add(conn: psycopg.Connection, ticket_no: int, event: TicketEvent, now: datetime) -> None:
    one = replace(event, ticket_no=ticket_no)
    conn.execute(
        SQL["ticket_event_add"],
        {
            "ticket_no": ticket_no, "at": one.at, "now": now, "kind": one.kind,
            "actor": one.actor, "priority": one.priority, "hold": one.hold,
            "comment": one.comment, "payload": Jsonb(one.payload),
        },
    )  # fmt: skip


def _last(events: Sequence[TicketEvent], kind: str) -> datetime | None:
    return max((one.at for one in events if one.kind == kind), default=None)
