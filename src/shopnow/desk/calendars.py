"""When a service clock runs: opening hours of working days, without public holidays.

Pure: a calendar is given its zone and its holidays.  Days are those of the zone, so the night in
which clocks go forward has 23 hours and the one in which they go back has 25.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import holidays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_MINUTES_OF_A_DAY: Final = 24 * 60
# Beyond that many days without an opening a calendar is a mistake, not a long weekend.
_LONGEST_CLOSURE: Final = 400


@lru_cache(maxsize=64)
def _french_year(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FR", years=year))


def is_french_holiday(day: date) -> bool:
    """Say whether a day is a public holiday of metropolitan France.

    >>> is_french_holiday(date(2026, 7, 14)), is_french_holiday(date(2026, 7, 15))
    (True, False)
    """
    return day in _french_year(day.year)


@dataclass(frozen=True)
class WorkCalendar:
    """Opening hours: ISO weekdays, minutes from midnight (local), and which days are holidays."""

    zone: ZoneInfo
    days: frozenset[int]
    opens: int = 0
    closes: int = _MINUTES_OF_A_DAY
    is_holiday: Callable[[date], bool] | None = None

    @property
    def is_permanent(self) -> bool:
        """True when it never closes: elapsed time is then the time of the world."""
        whole = self.opens == 0 and self.closes == _MINUTES_OF_A_DAY
        return whole and len(self.days) == 7 and self.is_holiday is None  # noqa: PLR2004 — a week

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time between two aware instants; zero when `end` is not later."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end <= start:
            return timedelta()
        if self.is_permanent:
            return end - start
        total = timedelta()
        for opening, closing in self._windows(start):
            if opening >= end:
                break
            total += max(timedelta(), min(closing, end) - max(opening, start))
        return total

    def after(self, start: datetime, duration: timedelta) -> datetime:
        """Return the instant (UTC) at which `duration` of open time has passed since `start`."""
        start = start.astimezone(UTC)
        if duration <= timedelta():
            return start
        if self.is_permanent:
            return start + duration
        left = duration
        for opening, closing in self._windows(start):
            begins = max(opening, start)
            if closing > begins:
                if left <= closing - begins:
                    return begins + left
                left -= closing - begins
        raise AssertionError  # the windows never end

    def _windows(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the opening windows from the day of `start` on, as UTC instants, in order."""
        day = start.astimezone(self.zone).date()
        closed = 0
        while closed < _LONGEST_CLOSURE:
            if day.isoweekday() in self.days and not (self.is_holiday and self.is_holiday(day)):
                closed = 0
                yield self._instant(day, self.opens), self._instant(day, self.closes)
            else:
                closed += 1
            day += _DAY
        message = "a calendar that never opens"
        raise ValueError(message)

    def _instant(self, day: date, minutes: int) -> datetime:
        """The UTC instant of a local wall time; midnight at the end is that of the next day."""
        extra, rest = divmod(minutes, _MINUTES_OF_A_DAY)
        day += extra * _DAY
        local = datetime(day.year, day.month, day.day, rest // 60, rest % 60, tzinfo=self.zone)
        return local.astimezone(UTC)
