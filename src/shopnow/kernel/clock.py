"""The time as a parameter: rules take a clock or an instant, none of them asks the machine."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that says what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present instant of the machine, in UTC."""
        return datetime.now(UTC)


class RunningClock:
    """A clock that was set to an instant and runs on: durations stay what they are."""

    def __init__(self, instant: datetime) -> None:
        """Set it now; `instant` has a zone."""
        self._start = FixedClock(instant).now()
        self._began = time.monotonic()

    def now(self) -> datetime:
        """Return the instant it was set to, and the time since, in UTC."""
        return self._start + timedelta(seconds=time.monotonic() - self._began)


@dataclass(frozen=True)
class FixedClock:
    """A clock that stands still, for tests and for reruns as of an instant."""

    instant: datetime

    def __post_init__(self) -> None:
        """Refuse an instant without a zone: it would mean another hour on another machine."""
        if self.instant.tzinfo is None:
            msg = "a clock needs an instant with a time zone"
            raise ValueError(msg)

    def now(self) -> datetime:
        """Return the instant given, in UTC."""
        return self.instant.astimezone(UTC)
