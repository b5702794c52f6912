"""What an indicator is, and the state of a value: good, warning, breach, or no data at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

Health = Literal["good", "warn", "breach", "no_data"]
HEALTH_FR: Final = {
    "good": "bon", "warn": "à surveiller", "breach": "hors engagement", "no_data": "sans donnée",
}  # fmt: skip
# What is wrong comes first wherever indicators are shown.
_GRAVITY: Final = {"breach": 0, "no_data": 1, "warn": 2, "good": 3}
# A measurement older than that many rounds is none: whoever measures has stopped.
_ROUNDS_KEPT: Final = 5


@dataclass(frozen=True, slots=True)
class Levels:
    """Target, warning and breach of one label, in the indicator's unit; None: no such level."""

    target: float
    warn: float | None
    breach: float | None


@dataclass(frozen=True)
class Indicator:
    """One declared indicator; `levels_of` holds the labels whose target is declared elsewhere.

    `quiet` says why nobody is told when it is out of bounds, where no alert is about it.
    `no_data_after`: age of the underlying data beyond which it is none; None: any age will do.
    """

    name: str
    title: str
    meaning: str
    unit: str
    better: Literal["higher", "lower"]
    levels: Levels
    owner: str
    every: timedelta
    no_data_says: str
    no_data_after: timedelta | None = None
    label_fr: str = ""
    probe: str = ""
    levels_of: Mapping[str, Levels] | None = None
    quiet: str = ""

    def levels_for(self, label: str) -> Levels:
        """Return the levels of a label."""
        return (self.levels_of or {}).get(label, self.levels)

    @property
    def source(self) -> str:
        """Where its value comes from: an SQL file or a probe."""
        return f"probe {self.probe}" if self.probe else f"sql/{self.name}.sql"

    @property
    def kept_for(self) -> timedelta:
        """How long a measurement stands for the present."""
        return max(self.every * _ROUNDS_KEPT, timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class Observed:
    """What a query or a probe found for one label; no value, or no time: no data."""

    label: str
    value: float | None
    observed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reading:
    """The present state of one label of an indicator; `value` is None without data."""

    indicator: Indicator
    label: str
    value: float | None
    at: datetime | None
    health: Health

    @property
    def levels(self) -> Levels:
        """The levels it is judged by."""
        return self.indicator.levels_for(self.label)


def value_of(indicator: Indicator, observed: Observed, now: datetime) -> float | None:
    """Return the value to keep of what was found: None when it is too old to be data."""
    if observed.value is None or observed.observed_at is None:
        return None
    after = indicator.no_data_after
    return None if after is not None and now - observed.observed_at > after else observed.value


def health_of(indicator: Indicator, label: str, value: float | None) -> Health:
    """Return the state of a value; none is never good."""
    if value is None:
        return "no_data"
    levels = indicator.levels_for(label)
    # With `higher` the value itself may still be the level, with `lower` reaching it is too much
    # only where the level is not the target (0 late tickets are fine, 1 is not).
    if levels.breach is not None and _beyond(indicator, value, levels.breach, levels.target):
        return "breach"
    if levels.warn is not None and _beyond(indicator, value, levels.warn, levels.target):
        return "warn"
    return "good"


def _beyond(indicator: Indicator, value: float, level: float, target: float) -> bool:
    if indicator.better == "higher":
        return value < level
    return value >= level if level > target else value > level


def gravity(reading: Reading) -> tuple[int, str, str]:
    """Return a sort key: what is wrong first, then by title and label."""
    return _GRAVITY[reading.health], reading.indicator.title, reading.label
