"""Values that no query gives: the disk, the time of an answer, lateness of marts, backups.

A probe takes a connection, the settings and the time, and returns what it observed by label.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

from psycopg import sql

from shopnow.alerts.indicators.model import Observed
from shopnow.backup import KINDS_FR, backup_state
from shopnow.desk import Desk, forecasts
from shopnow.kernel import FixedClock, Sql
from shopnow.marts import load_marts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import psycopg

    from shopnow.kernel import Settings

    Probe = Callable[[psycopg.Connection, Settings, datetime], list[Observed]]

SQL = Sql(__package__)
_BLOCK: Final = 512
# Which feeds write the facts that a mart stands on.  Offers and products that are sent again
# unchanged touch no mart, so their marts are not compared with them.
_FEEDS_OF: Final = {
    "touched_sales": ("orders",),
    "touched_traffic": ("clickstream",),
    "touched_deliveries": ("sellers", "customers", "products", "offers", "orders", "clickstream"),
}


def answer_time(conn: psycopg.Connection, settings: Settings, now: datetime) -> list[Observed]:  # noqa: ARG001
    """Milliseconds that the database takes to answer a simple question."""
    began = perf_counter()
    conn.execute("SELECT 1").fetchone()
    return [Observed("", (perf_counter() - began) * 1000, now)]


def disk_used(conn: psycopg.Connection, settings: Settings, now: datetime) -> list[Observed]:  # noqa: ARG001
    """Percent of the disk, or of the quota of the home where it is smaller."""
    try:
        return [Observed("", used_pct(settings), now)]
    except OSError:
        return [Observed("", None, None)]


def used_pct(settings: Settings) -> float:
    """Percent of the disk or quota that is taken; raises OSError."""
    disk = shutil.disk_usage(settings.home)
    if settings.disk_quota >= disk.total:
        return 100.0 * (disk.total - disk.free) / disk.total
    return 100.0 * _size(settings.home) / settings.disk_quota


def _size(folder: Path) -> int:
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            # What has gone since it was listed takes no room.
            with suppress(OSError):
                total += (Path(parent) / name).lstat().st_blocks * _BLOCK
    return total


def mart_lateness(conn: psycopg.Connection, settings: Settings, now: datetime) -> list[Observed]:
    """Minutes for which each mart has not followed what was published; none for an empty one."""
    rows = conn.execute(SQL["batches_last_published"]).fetchall()
    published = {feed: (batch_no, at) for feed, batch_no, at in rows}
    found = []
    for mart in load_marts(settings):
        feeds = {feed for name in mart.inputs for feed in _FEEDS_OF.get(name, ())}
        table = sql.Identifier("mart", mart.name)
        row = conn.execute(SQL.compose("mart_refreshed", mart=table)).fetchone()
        followed = row[0] if row else None
        missed = [at for feed in feeds if feed in published
                  for batch_no, at in [published[feed]] if batch_no > (followed or 0)]  # fmt: skip
        if missed:
            found.append(Observed(mart.name, (now - min(missed)).total_seconds() / 60, now))
        else:
            found.append(Observed(mart.name, None if followed is None else 0.0, now))
    return found


def backup_ages(
    conn: psycopg.Connection,  # noqa: ARG001
    settings: Settings,
    now: datetime,
) -> list[Observed]:
    """Hours since the last good backup of each kind; none for a kind that was never made."""
    newest = backup_state(settings, FixedClock(now)).newest
    return [_age(KINDS_FR[kind], newest.get(kind), now, hours=1) for kind in KINDS_FR]


def drill_age(
    conn: psycopg.Connection,  # noqa: ARG001
    settings: Settings,
    now: datetime,
) -> list[Observed]:
    """Days since the last restore drill, when it passed."""
    last = backup_state(settings, FixedClock(now)).last_drill
    return [_age("", last.at if last and last.good else None, now, hours=24)]


def drill_duration(
    conn: psycopg.Connection,  # noqa: ARG001
    settings: Settings,
    now: datetime,
) -> list[Observed]:
    """Minutes that the last restore drill took until the warehouse answered, when it passed."""
    last = backup_state(settings, FixedClock(now)).last_drill
    if last is None or not last.good or last.rto_seconds is None:
        return [Observed("", None, None)]
    return [Observed("", last.rto_seconds / 60, last.at)]


def tickets_at_risk(conn: psycopg.Connection, settings: Settings, now: datetime) -> list[Observed]:
    """Open tickets that are not late yet and are about to be."""
    found = forecasts(conn, Desk.of(settings), now)
    number = sum(said.at_risk and clock.breached_at is None for _, clock, said in found)
    return [Observed("", number, now)]


def _age(label: str, at: datetime | None, now: datetime, *, hours: float) -> Observed:
    if at is None:
        return Observed(label, None, None)
    return Observed(label, (now - at).total_seconds() / 3600 / hours, at)


PROBES: Final[dict[str, Probe]] = {
    "answer_time": answer_time,
    "disk_used": disk_used,
    "backup_ages": backup_ages,
    "drill_age": drill_age,
    "drill_duration": drill_duration,
    "mart_lateness": mart_lateness,
    "tickets_at_risk": tickets_at_risk,
}
