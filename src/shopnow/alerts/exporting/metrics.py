"""What Prometheus reads: the last value of each indicator, alerts under way, tickets open."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from shopnow.alerts.exporting.units import HEALTH, HEALTH_CODES, in_base_unit, metric_name
from shopnow.alerts.indicators import load_indicators, readings
from shopnow.alerts.store import list_episodes
from shopnow.desk import OPEN_STATES, PRIORITIES, list_tickets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import psycopg

    from shopnow.desk import Priority
    from shopnow.kernel import Settings


def metrics_text(conn: psycopg.Connection, settings: Settings, now: datetime) -> bytes:
    """Return the exposition text of all indicators, alerts and tickets.

    Values are in base units (seconds, ratios). An indicator without data has no sample of its
    value: `absent()` and its health (3) say so.
    """
    registry = CollectorRegistry()
    indicators = load_indicators(settings)
    gauges = {
        name: Gauge(metric_name(one), one.meaning, ["label"], registry=registry)
        for name, one in indicators.items()
    }
    health = Gauge(
        HEALTH, "0 bon, 1 à surveiller, 2 hors engagement, 3 sans donnée",
        ["indicator", "label"], registry=registry,
    )  # fmt: skip
    for one in readings(conn, indicators, now):
        name = one.indicator.name
        health.labels(name, one.label).set(HEALTH_CODES[one.health])
        if one.value is not None:
            gauges[name].labels(one.label).set(in_base_unit(one.indicator, one.value))
    firing = Gauge("shopnow_alerts_firing", "Alertes en cours", ["priority"], registry=registry)
    _count(firing, (one.priority for one in list_episodes(conn, most=100_000)))
    tickets = Gauge("shopnow_tickets_open", "Tickets ouverts", ["priority"], registry=registry)
    waiting = list_tickets(conn, states=OPEN_STATES, most=100_000)
    _count(tickets, (one.priority for one in waiting))
    return generate_latest(registry)


def _count(gauge: Gauge, found: Iterable[Priority]) -> None:
    counted = Counter(found)
    for priority in PRIORITIES:
        gauge.labels(priority).set(counted[priority])
