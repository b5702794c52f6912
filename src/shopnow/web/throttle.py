"""How often a door may be tried: a window that slides, by login and by address.

Kept in the process: the pages are one process, and who restarts it is an administrator.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

WINDOW: Final = timedelta(minutes=5)
BY_LOGIN: Final = 5
BY_ADDRESS: Final = 30
# Names that nobody tried for a window are forgotten when there are so many.
_MOST_KEPT: Final = 10_000


@dataclass
class Throttle:
    """Failures of the last minutes by key; thread-safe."""

    _failures: dict[str, deque[datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def is_closed(self, login: str, address: str, now: datetime) -> bool:
        """Say whether so much failed lately that nothing more is tried."""
        with self._lock:
            return (
                self._count(f"login {login}", now) >= BY_LOGIN
                or self._count(f"address {address}", now) >= BY_ADDRESS
            )

    def failed(self, login: str, address: str, now: datetime) -> None:
        """Note a failure."""
        with self._lock:
            if len(self._failures) > _MOST_KEPT:
                self._forget(now)
            for key in (f"login {login}", f"address {address}"):
                self._failures.setdefault(key, deque()).append(now)

    def entered(self, login: str) -> None:
        """Forget the failures of a login that has entered."""
        with self._lock:
            self._failures.pop(f"login {login}", None)

    def _count(self, key: str, now: datetime) -> int:
        times = self._failures.get(key)
        if times is None:
            return 0
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if not times:
            del self._failures[key]
        return len(times)

    def _forget(self, now: datetime) -> None:
        for key in list(self._failures):
            self._count(key, now)
