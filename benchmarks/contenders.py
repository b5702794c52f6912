"""The contenders, each loading the products and then the order lines into a fresh database.

The floor and the warehouse run the same way: two processes, one a file, each measured from its
start to its exit, then checked against the files.  A wrong result ends the bench.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg

from benchmarks.arena import SQL, Arena, empty_database, empty_warehouse
from benchmarks.checks import WrongResultError, check_floor, check_warehouse
from benchmarks.floor import CONSTRAINTS, PHASES
from benchmarks.measure import Measured, measure
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from benchmarks.generate import Files
    from shopnow.kernel import Settings

FLOOR: Final = "floor"
CONSTRAINED: Final = "floor+constraints"
WAREHOUSE: Final = "warehouse"
PARTS: Final = ("products", "lines")
STEP_NAMES: Final = {
    1: "1 ingest",
    2: "2 quality",
    3: "3 normalise",
    4: "4 dimensions",
    5: "5 facts",
    6: "6 publish",
}


class BenchFailedError(Exception):
    """A contender that did not end well, or whose result is wrong."""


@dataclass(frozen=True)
class Part:
    """One file loaded by one contender: rows, the measurement, WAL bytes, seconds by phase."""

    name: str
    rows: int
    measured: Measured
    wal_bytes: int
    phases: dict[str, float]


@dataclass(frozen=True)
class Lap:
    """One contender's turn: its parts in order, and the size of its database afterwards."""

    contender: str
    parts: tuple[Part, ...]
    database_bytes: int

    @property
    def wall_seconds(self) -> float:
        """Wall time of all parts."""
        return sum(part.measured.wall_seconds for part in self.parts)


def ingest_command(
    settings: Settings, file: Path, feed: str, source: str, *options: str
) -> list[str]:
    """The one place that knows how the installed command loads a file to published marts."""
    return [
        str(Path(sys.executable).with_name("shopnow")),
        "--home", str(settings.home),
        "--set", f"database={settings.database}",
        "--set", f"sources_dir={settings.sources_dir}",
        "--set", f"marts_dir={settings.marts_dir}",
        "ingest", str(file),
        *options,
        "--sender", "platform",
        "--feed", feed,
        "--source", source,
        "--run",
        "--json",
    ]  # fmt: skip


def run_floor(place: Arena, files: Files, name: str, patience: float, *, constrained: bool) -> Lap:
    """Load both files as the floor does and check the result; raises BenchFailedError."""
    contender = CONSTRAINED if constrained else FLOOR
    with empty_database(place, name) as variables:
        environment = of_the_bench(variables | ({CONSTRAINTS: "1"} if constrained else {}))
        parts = []
        for part, file, rows in _loads(files):
            command = [sys.executable, "-m", "benchmarks.floor", part, str(file)]
            measured, wal = timed(place, f"{name}-{part}", patience, command, environment)
            parts.append(Part(part, rows, measured, wal, phases_of(measured.output)))
        settings = place.settings.with_database(name)
        with explained(contender):
            check_floor(settings, files)
        return Lap(contender, tuple(parts), place.database_bytes(settings))


def run_warehouse(
    place: Arena,
    files: Files,
    name: str,
    patience: float,
    *,
    after_load: Callable[[str, Settings], None] | None = None,
) -> Lap:
    """Load both files through the command line and check the result; raises BenchFailedError.

    `after_load` is called after each load with its name.
    """
    environment = of_the_command()
    sources = {"products": "bench-products", "lines": "bench-orders"}
    feeds = {"products": "products", "lines": "orders"}
    with empty_warehouse(place, name) as settings:
        parts, last_step = [], 0
        for part, file, rows in _loads(files):
            command = ingest_command(settings, file, feeds[part], sources[part])
            measured, wal = timed(place, f"{name}-{part}", patience, command, environment)
            phases, last_step = steps_of(settings, last_step)
            parts.append(Part(part, rows, measured, wal, phases))
            if after_load is not None:
                after_load(part, settings)
        with explained(WAREHOUSE):
            check_warehouse(settings, files)
        return Lap(WAREHOUSE, tuple(parts), place.database_bytes(settings))


def of_the_bench(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of a module of the bench, found from wherever the process stands."""
    return {**os.environ, **variables, "PYTHONPATH": str(Path(__file__).parents[1])}


def of_the_command() -> dict[str, str]:
    """The environment of the installed command: no setting of the caller's gets in."""
    return {k: v for k, v in os.environ.items() if not k.startswith("SHOPNOW_")}


def _loads(files: Files) -> Iterator[tuple[str, Path, int]]:
    yield PARTS[0], files.products, files.sizes.products
    if files.lines is not None:
        yield PARTS[1], files.lines, files.sizes.lines


def timed(
    place: Arena, name: str, patience: float, command: list[str], environment: Mapping[str, str]
) -> tuple[Measured, int]:
    """Measure a command on the settled server: what it took, and the WAL it wrote."""
    place.settle(patience)
    before = place.wal_bytes()
    folder = place.folder / "runs" / name
    measured = measure(command, environment, folder, place.pid)
    if measured.status != 0:
        said = measured.output[-2000:]
        said += (folder / "stderr.log").read_text(encoding="utf-8", errors="replace")
        raise BenchFailedError(f"{name} ended with {measured.status}\n{said[-2000:]}")
    return measured, place.wal_bytes() - before


def phases_of(output: str) -> dict[str, float]:
    """Seconds by phase that a floor told."""
    for line in output.splitlines():
        if line.startswith(PHASES):
            found: dict[str, float] = json.loads(line.removeprefix(PHASES))
            return found
    return {}


def steps_of(settings: Settings, after: int) -> tuple[dict[str, float], int]:
    """Seconds by step that the journal holds after step number `after`; the last number."""
    with connect(settings, None) as connection:
        rows = connection.execute(SQL["step_seconds"], {"after": after}).fetchall()
    seconds = {STEP_NAMES[step]: float(spent) for step, spent, _ in rows}
    return seconds, max((int(last) for _, _, last in rows), default=after)


@contextmanager
def explained(contender: str) -> Iterator[None]:
    """A wrong result, or a check that cannot run, ends the bench."""
    try:
        yield
    except (WrongResultError, psycopg.Error) as error:
        raise BenchFailedError(f"the result of {contender} is wrong: {error}") from error
