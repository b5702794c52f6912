"""Planned work as a value: what it is called, how often it comes, what it does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from shopnow.kernel import Clock, Settings

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Every:
    """A rhythm: every so often, on the multiples of it."""

    length: timedelta

    def following(self, now: datetime, zone: ZoneInfo) -> datetime:  # noqa: ARG002 — of a rhythm
        """Return the next time after `now`: one, however many were missed."""
        seconds = self.length.total_seconds()
        return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, tz=now.tzinfo)

    @property
    def words_fr(self) -> str:
        """How people say it."""
        seconds = int(self.length.total_seconds())
        if seconds % 3600 == 0:
            return "toutes les heures" if seconds == 3600 else f"toutes les {seconds // 3600} h"  # noqa: PLR2004
        return "chaque minute" if seconds == 60 else f"toutes les {seconds // 60} min"  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Daily:
    """A rhythm: every day, or every such day of the week, at a local time."""

    hour: int
    minute: int
    weekday: int | None = None

    def following(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the next time after `now`."""
        local = now.astimezone(zone)
        day = local.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0, fold=0)
        while day.timestamp() <= now.timestamp() or self.weekday not in (None, day.isoweekday()):
            day += _DAY
        return day.astimezone(now.tzinfo)

    @property
    def words_fr(self) -> str:
        """How people say it."""
        days = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
        when = f"à {self.hour:02d}:{self.minute:02d}"
        return (
            f"chaque jour {when}"
            if self.weekday is None
            else (f"chaque {days[self.weekday - 1]} {when}")
        )


@dataclass(frozen=True)
class Task:
    """One planned work; `does` returns what there is to say of it, in French.

    Tasks of one `lock` never run at the same time.
    """

    name: str
    title: str
    rhythm: Every | Daily
    does: Callable[[Settings, Clock], str]
    lock: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A task in the plan: when it comes next and what became of it last; times in UTC."""

    task: str
    title: str
    rhythm: str
    next_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    status: str | None
    said: str | None
    failures: int


@dataclass(frozen=True, slots=True)
class Beat:
    """The last sign of life of a process."""

    process: str
    pid: int
    host: str
    started_at: datetime
    beat_at: datetime
    doing: str
