"""The service clock of a ticket: a pure function of its events and of the calendars.

Protects what ticket systems get wrong: a pause never shortens a deadline, a change of priority
keeps what has elapsed, the order in which events are given does not matter, weekends, holidays and
the two nights of the year with another length are counted as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from shopnow.desk.calendars import WorkCalendar

Priority = Literal["P1", "P2", "P3"]
Kind = Literal["opened", "paused", "resumed", "reclassified", "resolved", "reopened", "closed"]
_STOPS = ("resolved", "closed")


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """What moves the clock; `number` orders events of one instant.

    `hold` names a pause (« vendeur », « fournisseur »): the clock runs again when none is left.
    A resumption without name ends all of them.
    """

    at: datetime
    kind: Kind
    priority: Priority | None = None
    hold: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Promise:
    """What one priority promises: so much open time of that calendar."""

    target: timedelta
    calendar: WorkCalendar


@dataclass(frozen=True, slots=True)
class ClockState:
    """The clock at an instant.

    `due_at` is None while it stands (paused or stopped); `breached_at` is when the promise was
    broken, also for a ticket that was resolved later; `is_met` is None until it is resolved.
    """

    priority: Priority
    state: Literal["running", "paused", "stopped"]
    elapsed: timedelta
    target: timedelta
    due_at: datetime | None
    breached_at: datetime | None
    is_met: bool | None

    @property
    def remaining(self) -> timedelta:
        """The open time that is left; below zero once the promise is broken."""
        return self.target - self.elapsed


@dataclass
class _Walk:
    promises: Mapping[Priority, Promise]
    priority: Priority
    at: datetime
    elapsed: timedelta = timedelta()
    holds: set[str] = field(default_factory=set)
    stopped: bool = False
    breached_at: datetime | None = None

    @property
    def promise(self) -> Promise:
        return self.promises[self.priority]

    @property
    def runs(self) -> bool:
        return not self.stopped and not self.holds

    def until(self, at: datetime) -> None:
        """Let the time pass up to `at`."""
        if self.runs and at > self.at:
            before, promise = self.elapsed, self.promise
            self.elapsed += promise.calendar.worked(self.at, at)
            if self.breached_at is None and self.elapsed >= promise.target:
                self.breached_at = promise.calendar.after(self.at, promise.target - before)
        self.at = max(self.at, at)

    def take(self, event: ClockEvent) -> None:
        """Let an event happen at the present instant of the walk."""
        if event.kind == "paused":
            self.holds.add(event.hold)
        elif event.kind == "resumed":
            self.holds = self.holds - {event.hold} if event.hold else set()
        elif event.kind in _STOPS:
            self.stopped = True
        elif event.kind == "reopened":
            self.stopped, self.holds = False, set()
        elif event.kind == "reclassified" and event.priority:
            self.priority = event.priority
            if self.breached_at is None and self.runs and self.elapsed >= self.promise.target:
                self.breached_at = self.at


def clock_at(
    events: Iterable[ClockEvent], promises: Mapping[Priority, Promise], now: datetime
) -> ClockState:
    """Return the clock of a ticket at `now`, from its events in any order.

    Events after `now` have not happened yet; those before the opening count from the opening.
    Raises ValueError without an opening.
    """
    # In UTC from here on: within one zone Python subtracts wall times, wrong on two nights a year.
    now = now.astimezone(UTC)
    events = (replace(one, at=one.at.astimezone(UTC)) for one in events)
    known = sorted(events, key=lambda one: (one.at, one.number))
    opening = next((one for one in known if one.kind == "opened"), None)
    if opening is None or opening.priority is None:
        message = "a ticket without an opening has no clock"
        raise ValueError(message)
    walk = _Walk(promises, opening.priority, opening.at)
    for event in known:
        if event is opening or event.at > now:
            continue
        walk.until(event.at)
        walk.take(event)
    walk.until(now)
    left = walk.promise.target - walk.elapsed
    state: Literal["running", "paused", "stopped"] = (
        "stopped" if walk.stopped else "paused" if walk.holds else "running"
    )
    due_at = None
    if state == "running":
        due_at = walk.breached_at or walk.promise.calendar.after(walk.at, left)
    met = walk.breached_at is None if walk.stopped else None
    return ClockState(
        walk.priority, state, walk.elapsed, walk.promise.target, due_at, walk.breached_at, met
    )
