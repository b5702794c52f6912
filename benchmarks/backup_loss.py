"""The data folder destroyed while rows are written, then restored and put in service: RPO, RTO."""

from __future__ import annotations

import shutil
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import psycopg

from benchmarks.backup_ground import SQL, run_sql
from shopnow.backup import apply_restore, build_beside, drop_restore, plan_restore
from shopnow.kernel import ShopnowError, SystemClock, connect
from shopnow.kernel.server import Server, place_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.kernel import Settings

_ROWS: Final = 200
_PAUSE_SECONDS: Final = 0.02


@dataclass(frozen=True)
class Loss:
    """What a destroyed data folder cost: seconds, rows, and the seconds of each step."""

    rto_seconds: float
    rpo_seconds: float
    written: int
    lost: int
    findings: int
    steps: dict[str, float]


@dataclass
class Writer:
    """Commits rows, two hundred at a time, until the server is gone; remembers when."""

    settings: Settings
    committed: list[tuple[int, float]] = field(default_factory=list)
    _done: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to write."""
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def stop(self) -> None:
        """Write no more."""
        self._done.set()
        if self._thread:
            self._thread.join()

    def _write(self) -> None:
        number = 1
        try:
            with connect(self.settings, None) as conn:
                while not self._done.wait(_PAUSE_SECONDS):
                    conn.execute(SQL["backup_write"], {"first": number, "rows": _ROWS})
                    number += _ROWS
                    self.committed.append((number - 1, time.monotonic()))
        except (psycopg.Error, ShopnowError):
            return


def destroyed(
    settings: Settings,
    seconds: float,
    audit: Callable[[Settings], int],
    tell: Callable[[str], None],
) -> Loss:
    """Write for some seconds, destroy the data folder, restore it, and put it in service.

    The time to recover ends when an analyst's query is answered.
    """
    clock, place = SystemClock(), place_of(settings)
    if place is None:
        raise SystemExit("no warehouse to destroy")
    run_sql(settings, "backup_written")
    writer = Writer(settings)
    writer.start()
    time.sleep(seconds)
    Server(settings).kill()
    gone = time.monotonic()
    writer.stop()
    shutil.rmtree(place.data)
    began = time.monotonic()
    plan = plan_restore(settings, clock)
    built = build_beside(settings, clock, plan, audit=audit, progress=tell)
    apply_restore(settings, clock, plan.id, tell)
    with connect(settings, "shopnow_analyst") as conn:
        conn.execute(SQL["backup_read"])
    opened = time.monotonic()
    with connect(settings, None) as conn:
        newest, lacking = conn.execute(SQL["backup_found"]).fetchone() or (0, 0)
    if lacking:
        raise SystemExit(f"{lacking} rows are lacking before the newest one")
    kept = [at for n, at in writer.committed if n <= newest]
    drop_restore(settings, clock, plan.id)
    return Loss(
        round(opened - began, 1),
        round(gone - max(kept, default=gone - seconds), 2),
        writer.committed[-1][0],
        writer.committed[-1][0] - newest,
        built.findings,
        built.seconds,
    )
