"""Measuring: each indicator at its own pace, into `journal.measurement`; reading it back.

A query that fails gives no data for its indicator and leaves the others alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.rows import class_row

from shopnow.alerts.indicators.model import Observed, Reading, gravity, health_of, value_of
from shopnow.alerts.indicators.probes import PROBES
from shopnow.kernel import ShopnowError, Sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from shopnow.alerts.indicators.model import Indicator
    from shopnow.kernel import Settings

SQL = Sql(__package__)
# What was measured longer ago than this is not looked at for the present.
_LATELY: Final = timedelta(hours=1)
_STATEMENT_TIMEOUT: Final = "20s"


def sample(
    conn: psycopg.Connection,
    settings: Settings,
    indicators: Iterable[Indicator],
    now: datetime,
    *,
    everything: bool = False,
) -> int:
    """Measure the indicators that are due at `now` and return how many values were kept.

    `everything`: whether due or not. `conn` is in autocommit.
    """
    last = _last(conn, now)
    due = [one for one in indicators if everything or _is_due(one, last, now)]
    kept = 0
    conn.execute("SELECT set_config('statement_timeout', %s, false)", (_STATEMENT_TIMEOUT,))
    try:
        for one in due:
            values = {
                seen.label: value_of(one, seen, now) for seen in observe(conn, settings, one, now)
            }
            if not values:
                values = {"": None}
            conn.execute(
                SQL["measurement_add"],
                {
                    "indicator": one.name,
                    "at": now,
                    "labels": list(values),
                    "values": list(values.values()),
                },
            )
            kept += len(values)
    finally:
        if not conn.closed:
            conn.execute("RESET statement_timeout")
    return kept


def observe(
    conn: psycopg.Connection, settings: Settings, indicator: Indicator, now: datetime
) -> list[Observed]:
    """What an indicator's query or probe finds at `now`; nothing when it fails."""
    try:
        if indicator.probe:
            return PROBES[indicator.probe](conn, settings, now)
        with conn.cursor(row_factory=class_row(Observed)) as cursor:
            return cursor.execute(SQL[indicator.name], {"now": now}).fetchall()
    except (psycopg.errors.OperationalError, ShopnowError, OSError):
        if conn.closed:
            raise
        return []


def readings(
    conn: psycopg.Connection, indicators: Mapping[str, Indicator], now: datetime
) -> list[Reading]:
    """Return the present state of every declared indicator, what is wrong first.

    An indicator that was not measured lately has one reading without data: none is left out.
    """
    # No further back than a value stands: a page is read often, and sellers are many.
    values = {
        "names": [*indicators],
        "sinces": [now - one.kept_for for one in indicators.values()],
        "now": now,
    }
    found: list[Reading] = []
    seen: set[str] = set()
    for name, label, value, at in conn.execute(SQL["measurements_latest"], values):
        indicator = indicators[name]
        seen.add(name)
        found.append(Reading(indicator, label, value, at, health_of(indicator, label, value)))
    unseen = indicators.keys() - seen
    found.extend(Reading(indicators[name], "", None, None, "no_data") for name in unseen)
    return sorted(found, key=gravity)


def series(
    conn: psycopg.Connection, indicator: str, since: datetime, now: datetime
) -> dict[str, list[tuple[datetime, float | None]]]:
    """Return the values of an indicator over time by label; None where there was no data."""
    found: dict[str, list[tuple[datetime, float | None]]] = {}
    values = {"indicator": indicator, "since": since, "now": now}
    for label, at, value in conn.execute(SQL["measurements_series"], values):
        found.setdefault(label, []).append((at, value))
    return found


def _last(conn: psycopg.Connection, now: datetime) -> dict[str, datetime]:
    values = {"since": now - _LATELY, "now": now}
    return dict(conn.execute(SQL["measurements_last_at"], values).fetchall())


def _is_due(indicator: Indicator, last: Mapping[str, datetime], now: datetime) -> bool:
    at = last.get(indicator.name)
    # A tenth of slack: a round that comes a second early must not skip one.
    return at is None or now - at >= indicator.every * 0.9
