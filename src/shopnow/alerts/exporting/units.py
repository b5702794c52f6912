"""Names and base units: Prometheus wants seconds and ratios, people want minutes and percent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shopnow.alerts.indicators import Indicator

HEALTH: Final = "shopnow_indicator_health"
HEALTH_CODES: Final = {"good": 0, "warn": 1, "breach": 2, "no_data": 3}


@dataclass(frozen=True, slots=True)
class _Unit:
    factor: float
    base: str
    grafana: str


# By the unit of the declaration: what one of it is in the base unit, how the base unit is called.
_UNITS: Final = {
    "%": _Unit(0.01, "ratio", "percentunit"),
    "ms": _Unit(0.001, "seconds", "s"),
    "s": _Unit(1, "seconds", "s"),
    "min": _Unit(60, "seconds", "s"),
    "h": _Unit(3600, "seconds", "s"),
    "jours": _Unit(86_400, "seconds", "s"),
}
_COUNTED: Final = _Unit(1, "", "none")
_SUFFIXES: Final = ("_pct", "_milliseconds", "_seconds", "_minutes", "_hours", "_days")


def metric_name(indicator: Indicator) -> str:
    """Return the name of an indicator for Prometheus, in its base unit.

    `disk_used_pct` is `shopnow_disk_used_ratio`, `backup_age_hours` `shopnow_backup_age_seconds`.
    """
    base = _unit(indicator).base
    if not base:
        return f"shopnow_{indicator.name}"
    stem = next((indicator.name.removesuffix(one) for one in _SUFFIXES
                 if indicator.name.endswith(one)), indicator.name)  # fmt: skip
    return f"shopnow_{stem}_{base}"


def in_base_unit(indicator: Indicator, value: float) -> float:
    """Return a value of an indicator as Prometheus gets it."""
    return value * _unit(indicator).factor


def grafana_unit(indicator: Indicator) -> str:
    """Return how Grafana calls the base unit of an indicator."""
    return _unit(indicator).grafana


def _unit(indicator: Indicator) -> _Unit:
    return _UNITS.get(indicator.unit, _COUNTED)
