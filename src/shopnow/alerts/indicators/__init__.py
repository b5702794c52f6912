"""Indicators of service: declared once, measured at their pace, read with their state."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.alerts.indicators.declarations import load_indicators
    from shopnow.alerts.indicators.model import (
        HEALTH_FR,
        Health,
        Indicator,
        Levels,
        Observed,
        Reading,
        gravity,
        health_of,
        value_of,
    )
    from shopnow.alerts.indicators.probes import PROBES, used_pct
    from shopnow.alerts.indicators.sampling import observe, readings, sample, series

__all__ = [
    "HEALTH_FR",
    "PROBES",
    "Health",
    "Indicator",
    "Levels",
    "Observed",
    "Reading",
    "gravity",
    "health_of",
    "load_indicators",
    "observe",
    "readings",
    "sample",
    "series",
    "used_pct",
    "value_of",
]
