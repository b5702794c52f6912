"""When backups are due: the calendar of the settings, as a pure function of what was made.

A calendar is `HH:MM` (each day) or `sunday HH:MM` (each week), in the zone of the settings; an
empty one is never due.  What was missed while the machine was off is due at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from shopnow.backup.model import Kind
from shopnow.kernel import UsageError, nearest

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from shopnow.kernel import Settings

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS: Final = 24
_MINUTES: Final = 60
_FORM: Final = re.compile(r"(?:(?P<day>[a-z]+) )?(?P<hour>\d{1,2}):(?P<minute>\d{2})")


@dataclass(frozen=True, slots=True)
class Calendar:
    """A time of each day, or of one day of the week (0 = Monday)."""

    at: time
    weekday: int | None = None

    @property
    def words_fr(self) -> str:
        """The calendar as a person reads it."""
        names = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
        day = "tous les jours" if self.weekday is None else f"chaque {names[self.weekday]}"
        return f"{day} à {self.at:%H:%M}"

    def last(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the newest instant of the calendar at or before `now`."""
        day = now.astimezone(zone).date()
        while True:
            moment = datetime.combine(day, self.at, zone)
            if moment <= now and self.weekday in {None, day.weekday()}:
                return moment
            day -= timedelta(days=1)

    def following(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the first instant of the calendar after `now`."""
        day = now.astimezone(zone).date()
        while True:
            moment = datetime.combine(day, self.at, zone)
            if moment > now and self.weekday in {None, day.weekday()}:
                return moment
            day += timedelta(days=1)


def parsed(text: str, setting: str) -> Calendar | None:
    """Return the calendar of a setting; None when it is empty.  Raises UsageError.

    >>> parsed("sunday 01:00", "backup_full_at").words_fr
    'chaque dimanche à 01:00'
    """
    if not text.strip():
        return None
    match = _FORM.fullmatch(text.strip().lower())
    day = match["day"] if match else None
    hour, minute = (int(match["hour"]), int(match["minute"])) if match else (24, 0)
    if hour >= _HOURS or minute >= _MINUTES or (day is not None and day not in DAYS):
        close = nearest(day or "", DAYS)
        hint = f"Did you mean {close!r}?" if close else "Write `01:00` or `sunday 01:00`."
        raise UsageError(f"setting {setting!r} is no calendar: {text!r}", hint)
    return Calendar(time(hour, minute), DAYS.index(day) if day else None)


def calendars(settings: Settings) -> dict[Kind, Calendar]:
    """Return the calendar of each kind that has one."""
    texts = {
        Kind.FULL: ("backup_full_at", settings.backup_full_at),
        Kind.INCREMENTAL: ("backup_incremental_at", settings.backup_incremental_at),
        Kind.PARTIAL: ("backup_partial_at", settings.backup_partial_at),
        Kind.METADATA: ("backup_metadata_at", settings.backup_metadata_at),
        Kind.STAGING: ("backup_staging_at", settings.backup_staging_at),
        Kind.KEYS: ("backup_keys_at", settings.backup_keys_at),
    }
    found = {kind: parsed(text, setting) for kind, (setting, text) in texts.items()}
    return {kind: calendar for kind, calendar in found.items() if calendar}


def due(
    calendar: dict[Kind, Calendar],
    made: dict[Kind, datetime],
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Kind, ...]:
    """Return the kinds whose newest backup is older than the calendar asks, in order.

    `made`: the newest start of each kind.  A full backup stands for the incremental one too.
    """
    latest = dict(made)
    if Kind.FULL in latest:
        newest = max(latest[Kind.FULL], latest.get(Kind.INCREMENTAL, latest[Kind.FULL]))
        latest[Kind.INCREMENTAL] = newest
    wanted = [
        kind
        for kind, when in calendar.items()
        if kind not in latest or latest[kind] < when.last(now, zone)
    ]
    if Kind.FULL in wanted:
        wanted = [kind for kind in wanted if kind is not Kind.INCREMENTAL]
    return tuple(wanted)
