"""What pages read often and what changes seldom: kept in the process for a short while.

Declarations are files of a release or of the home; reading them anew for every page would cost more
than the page.  What depends on who asks is kept by role, and never for a seller.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from shopnow.alerts import load_indicators, load_rules
from shopnow.desk import Desk
from shopnow.privacy import load_register
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from shopnow.alerts import Indicator, Rule
    from shopnow.kernel import Settings
    from shopnow.privacy import Register
    from shopnow.sources import Contracts

KEPT_SECONDS: Final = 60.0
T = TypeVar("T")


@dataclass
class Kept(Generic[T]):
    """A value, made again when it is older than a minute.

    While one thread makes it again the others go on with the old one.  What making it raises is
    raised, and nothing is kept of it.
    """

    make: Callable[[], T]
    clock: Callable[[], float] = time.monotonic
    _made: tuple[T, float] | None = None
    _lock: Lock = field(default_factory=Lock)

    def get(self) -> T:
        """The value."""
        made = self._made
        if made is not None and self.clock() - made[1] < KEPT_SECONDS:
            return made[0]
        if not self._lock.acquire(blocking=made is None):
            assert made is not None  # noqa: S101 — else the lock was waited for
            return made[0]
        try:
            # Somebody else may have made it while this one waited.
            if self._made is made:
                self._made = (self.make(), self.clock())
            assert self._made is not None  # noqa: S101 — made just now, or by somebody else
            return self._made[0]
        finally:
            self._lock.release()


@dataclass
class Declared:
    """The declarations that pages explain and compare with."""

    settings: Settings
    # When each mart last changed, by the role that asked: a role's answer is no other role's.
    fresh: dict[tuple[str, str], tuple[datetime | None, float]] = field(default_factory=dict)

    def changed_at(
        self, role: str, mart: str, ask: Callable[[], datetime | None]
    ) -> datetime | None:
        """When a mart last changed; `ask` reads all of it and is called once a minute."""
        known, now = self.fresh.get((role, mart)), time.monotonic()
        if known is None or now - known[1] >= KEPT_SECONDS:
            known = self.fresh[role, mart] = (ask(), now)
        return known[0]

    @property
    def indicators(self) -> dict[str, Indicator]:
        """The indicators by name."""
        return self._indicators.get()

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules of the alerts by name."""
        return self._rules.get()

    @property
    def desk(self) -> Desk:
        """Service agreement and RACI."""
        return self._desk.get()

    @property
    def contracts(self) -> Contracts:
        """The contracts of all feeds."""
        return self._contracts.get()

    @property
    def register(self) -> Register:
        """The register of processing activities."""
        return self._register.get()

    @property
    def team(self) -> dict[str, str]:
        """Titles of the roles of the team by name."""
        return {role.name: role.title for role in self.desk.raci.roles.values()}

    @cached_property
    def _indicators(self) -> Kept[dict[str, Indicator]]:
        return Kept(lambda: load_indicators(self.settings))

    @cached_property
    def _rules(self) -> Kept[dict[str, Rule]]:
        return Kept(lambda: load_rules(self.settings))

    @cached_property
    def _desk(self) -> Kept[Desk]:
        return Kept(lambda: Desk.of(self.settings))

    @cached_property
    def _contracts(self) -> Kept[Contracts]:
        return Kept(lambda: load_contracts(self.settings.contracts_dir))

    @cached_property
    def _register(self) -> Kept[Register]:
        return Kept(lambda: load_register(self.settings.contracts_dir))
