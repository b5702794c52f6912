"""A throw-away warehouse of a size, as durable as a real one, for the benchmarks of backups."""

from __future__ import annotations

import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from shopnow.kernel import Settings, Sql, connect
from shopnow.kernel.server import Server, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SQL: Final = Sql(__package__ or "")
GIB: Final = 1024**3
_ROWS: Final = 500_000
T = TypeVar("T")


@contextmanager
def warehouse() -> Iterator[tuple[Settings, Path]]:
    """Give an empty warehouse and a folder beside its home; both are removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="shopnow-backups-"))
    folder.chmod(0o711)
    settings = Settings(home=folder / "home", sources_dir=Path(__file__).parent / "sources")
    try:
        open_warehouse(settings)
        yield settings, folder
    finally:
        Server(settings).remove()
        shutil.rmtree(folder, ignore_errors=True)


def fill(settings: Settings, size: int) -> int:
    """Add order lines until the database has the wanted size; return it.

    Vacuumed in the end, as lines of earlier days are: else the server would still mark their
    pages while a backup runs, and the next incremental one would carry all of them.
    """
    run_sql(settings, "backup_partition")
    number = 0
    with connect(settings, None) as conn:
        while size_of(settings) < size:
            rows = min(_ROWS, size // 2000)
            conn.execute(SQL["backup_fill"], {"first": number, "rows": rows})
            number += rows
        conn.execute(SQL["backup_vacuum"])
        conn.execute("CHECKPOINT")
    return size_of(settings)


def size_of(settings: Settings) -> int:
    """Return the bytes of the database."""
    with connect(settings, None) as conn:
        row = conn.execute(SQL["database_size"]).fetchone()
    return int(row[0]) if row else 0


def run_sql(settings: Settings, name: str) -> None:
    """Run one statement of the benchmarks as the superuser."""
    with connect(settings, None) as conn:
        conn.execute(SQL[name])


def timed(what: Callable[[], T]) -> tuple[float, T]:
    """Return how long something took, and what it returned."""
    began = time.monotonic()
    result = what()
    return round(time.monotonic() - began, 2), result
