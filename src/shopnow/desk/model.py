"""Tickets as rows and their life as pure decisions: which event may follow which state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from shopnow.desk.clock import ClockEvent, Kind
from shopnow.kernel import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shopnow.desk.clock import Priority
    from shopnow.desk.declarations import Level

TicketKind = Literal["incident", "problem", "request", "change"]
State = Literal["assigned", "in_progress", "waiting", "resolved", "closed"]
TICKET_KINDS: Final[tuple[TicketKind, ...]] = ("incident", "problem", "request", "change")
OPEN_STATES: Final[tuple[State, ...]] = ("assigned", "in_progress", "waiting")
KINDS_FR: Final = {
    "incident": "incident", "problem": "problème", "request": "demande", "change": "évolution",
}  # fmt: skip
STATES_FR: Final = {
    "assigned": "à prendre", "in_progress": "en cours", "waiting": "en attente",
    "resolved": "résolu", "closed": "clos",
}  # fmt: skip
EVENTS_FR: Final = {
    "opened": "ouvert", "assigned": "attribué", "started": "pris en charge",
    "commented": "commentaire", "paused": "horloge arrêtée", "resumed": "horloge repartie",
    "reclassified": "reclassé", "resolved": "résolu", "reopened": "rouvert", "closed": "clos",
    "linked": "lié", "exported": "transmis",
}  # fmt: skip
_CLOCK_KINDS: Final = frozenset(
    ("opened", "paused", "resumed", "reclassified", "resolved", "reopened", "closed")
)
_ALIVE: Final = frozenset(OPEN_STATES)
# Which states an event may find; what is not here may always come.
_FROM: Final[dict[str, frozenset[State]]] = {
    "assigned": _ALIVE,
    "started": frozenset(("assigned",)),
    "paused": _ALIVE,
    "resumed": frozenset(("waiting",)),
    "reclassified": _ALIVE,
    "resolved": _ALIVE,
    "reopened": frozenset(("resolved",)),
    "closed": frozenset(("resolved",)),
}


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What there is to say when a ticket is opened; texts are French, without personal values."""

    kind: TicketKind
    activity: str
    title: str
    impact: Level
    urgency: Level
    description: str = ""
    occurrences: int = 1
    alert_fingerprint: str | None = None
    runbook: str | None = None
    seller_no: int | None = None
    run_id: int | None = None
    delivery_key: int | None = None


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One thing that happened to a ticket; times in UTC."""

    kind: str
    at: datetime
    actor: str
    priority: Priority | None = None
    hold: str = ""
    comment: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    event_no: int = 0
    ticket_no: int = 0
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as of its last event; `due_at` is None while its clock stands."""

    ticket_no: int
    kind: TicketKind
    activity: str
    title: str
    description: str
    impact: Level
    urgency: Level
    priority: Priority
    state: State
    role: str
    assignee: str
    opened_by: str
    opened_at: datetime
    updated_at: datetime
    resolved_at: datetime | None
    closed_at: datetime | None
    due_at: datetime | None
    breached_at: datetime | None
    elapsed_seconds: float
    is_met: bool | None
    occurrences: int
    alert_fingerprint: str | None
    runbook: str | None
    seller_no: int | None
    run_id: int | None
    delivery_key: int | None
    external_ref: str | None


@dataclass(frozen=True, slots=True)
class Load:
    """The open tickets of one seat, by priority."""

    role: str
    assignee: str
    p1: int
    p2: int
    p3: int
    open_tickets: int


def clock_events(events: Sequence[TicketEvent]) -> list[ClockEvent]:
    """Return what the clock reads of the events of a ticket."""
    return [
        ClockEvent(one.at, cast("Kind", one.kind), one.priority, one.hold, one.event_no)
        for one in events
        if one.kind in _CLOCK_KINDS
    ]


def state_after(events: Sequence[TicketEvent]) -> State:
    """Return the state of a ticket after these events (in their order)."""
    state: State = "assigned"
    holds: set[str] = set()
    for one in sorted(events, key=lambda event: (event.at, event.event_no)):
        if one.kind == "started":
            state = "in_progress"
        elif one.kind == "paused":
            holds.add(one.hold)
        elif one.kind == "resumed":
            holds = holds - {one.hold} if one.hold else set()
            state = "in_progress"
        elif one.kind in ("resolved", "closed"):
            state = cast("State", one.kind)
        elif one.kind == "reopened":
            state, holds = "in_progress", set()
    return "waiting" if holds and state in _ALIVE else state


def refuse_impossible(kind: str, state: State, ticket_no: int) -> None:
    """Raise UsageError when such an event cannot happen to a ticket in this state."""
    allowed = _FROM.get(kind)
    if allowed is not None and state not in allowed:
        message = f"ticket {ticket_no} is {state}: it cannot be {kind}"
        raise UsageError(message, f"That needs it to be {' or '.join(sorted(allowed))}.")


def least_busy(members: Sequence[str], loads: Sequence[Load]) -> str:
    """Return who of these gets the next ticket: the least weight of open tickets, then by name.

    A P1 weighs as much as two P2 or four P3.

    >>> least_busy(["b", "a"], [])
    'a'
    >>> least_busy(["a", "b"], [Load("r", "a", 0, 0, 5, 5), Load("r", "b", 1, 0, 0, 1)])
    'b'
    """
    weight = {one.assignee: 4 * one.p1 + 2 * one.p2 + one.p3 for one in loads}
    return min(members, key=lambda name: (weight.get(name, 0), name))
