"""The history workloads: each contender's turn through both days, or through parts of the products.

W1 is the first day and the full delivery of the second, W3 the order lines on top of it and then
the same lines again, W2 the deliveries of a part of the products.  The warehouse runs its six steps
with no mart that any of these loads touches: both sides stop at the facts.
"""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.arena import Arena, empty_database, empty_warehouse
from benchmarks.contenders import (
    FLOOR,
    WAREHOUSE,
    BenchFailedError,
    explained,
    ingest_command,
    of_the_bench,
    of_the_command,
    phases_of,
    steps_of,
    timed,
)
from benchmarks.days import DAY_ONE, DAY_ZERO
from benchmarks.history_checks import check_lines, check_versions
from benchmarks.measure import SERVER_PID, told_inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.history_files import Parts, TwoDays
    from benchmarks.measure import Measured
    from shopnow.kernel import Settings

FIRST_DAY: Final = "w1 day 0"
SECOND_DAY: Final = "w1 day 1"
LINES: Final = "w3"
LINES_AGAIN: Final = "w3 again"
# Of no product and no order: what a mart of clicks would do is nothing here.
_MART: Final = "seller_daily_traffic"


@dataclass(frozen=True)
class Load:
    """One measured delivery; CPU is that of client and server."""

    contender: str
    workload: str
    rows: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    foreign_share: float
    wal_bytes: int
    phases: dict[str, float]


def part_workload(members: int) -> str:
    """The name of W2 into so many members."""
    return f"w2 into {members}"


def floor_two_days(place: Arena, files: TwoDays, name: str, patience: float) -> list[Load]:
    """The floor's turn through W1, and W3 when there are lines; raises BenchFailedError."""
    turn = _Turn(place, FLOOR, name, patience)
    sizes = files.first.sizes
    with empty_database(place, name) as variables:
        settings = place.settings.with_database(name)

        def load(workload: str, rows: int, *words: str) -> None:
            command = [sys.executable, "-m", *words]
            measured, wal = turn.run(workload, command, of_the_bench(variables))
            turn.keep(workload, rows, measured, wal, phases_of(measured.output))

        load(FIRST_DAY, sizes.products, "benchmarks.floor", "products", str(files.first.products))
        load(SECOND_DAY, sizes.products, "benchmarks.floor_history", "day", str(files.second))
        with explained(FLOOR):
            check_versions(settings, FLOOR, files.first, files.second, files.counted, whole=True)
        if files.first.lines is not None:
            load(LINES, sizes.lines, "benchmarks.floor", "lines", str(files.first.lines))
            again = str(files.lines_again)
            load(LINES_AGAIN, sizes.lines, "benchmarks.floor_history", "again", again)
            with explained(FLOOR):
                check_lines(settings, FLOOR, files.first)
    return turn.loads


def warehouse_two_days(
    place: Arena,
    files: TwoDays,
    name: str,
    patience: float,
    *,
    after_load: Callable[[str, Settings], None] | None = None,
) -> list[Load]:
    """The warehouse's turn through W1, and W3 when there are lines; raises BenchFailedError.

    `after_load` is called after each load with its name.
    """
    turn = _Turn(place, WAREHOUSE, name, patience)
    sizes = files.first.sizes
    with _martless_warehouse(place, name) as settings:
        last_step = 0

        def load(workload: str, rows: int, command: list[str]) -> None:
            nonlocal last_step
            measured, wal = turn.run(workload, command, of_the_command())
            phases, last_step = steps_of(settings, last_step)
            turn.keep(workload, rows, measured, wal, phases)
            if after_load is not None:
                after_load(workload, settings)

        for workload, file, at in (
            (FIRST_DAY, files.first.products, DAY_ZERO),
            (SECOND_DAY, files.second, DAY_ONE),
        ):
            options = ("--mode", "full", "--effective-at", at)
            command = ingest_command(settings, file, "products", "bench-products", *options)
            load(workload, sizes.products, command)
        with explained(WAREHOUSE):
            check_versions(
                settings, WAREHOUSE, files.first, files.second, files.counted, whole=True
            )
        if files.first.lines is not None and files.lines_again is not None:
            for workload, file in ((LINES, files.first.lines), (LINES_AGAIN, files.lines_again)):
                command = ingest_command(settings, file, "orders", "bench-orders")
                load(workload, sizes.lines, command)
            with explained(WAREHOUSE):
                check_lines(settings, WAREHOUSE, files.first)
    return turn.loads


def floor_parts(place: Arena, files: Parts, name: str, patience: float) -> list[Load]:
    """The floor's turn through W2: the first day, then every part; raises BenchFailedError."""
    turn = _Turn(place, FLOOR, name, patience)
    with empty_database(place, name) as variables:
        environment = of_the_bench(variables | {SERVER_PID: str(place.pid)})
        first = str(files.first.products)
        turn.run("first", [sys.executable, "-m", "benchmarks.floor", "products", first],
                 environment)  # fmt: skip
        names = [str(path) for path in files.parts]
        command = [sys.executable, "-m", "benchmarks.floor_history", "part", *names]
        turn.keep_parts(files, *turn.run("parts", command, environment))
        settings = place.settings.with_database(name)
        with explained(FLOOR):
            check_versions(settings, FLOOR, files.first, files.parts, files.counted, whole=False)
    return turn.loads


def warehouse_parts(place: Arena, files: Parts, name: str, patience: float) -> list[Load]:
    """The warehouse's turn through W2; raises BenchFailedError."""
    turn = _Turn(place, WAREHOUSE, name, patience)
    with _martless_warehouse(place, name) as settings:
        command = ingest_command(settings, files.first.products, "products", "bench-products")
        turn.run("first", command, of_the_command())
        command = [
            sys.executable, "-m", "benchmarks.loader", str(settings.home), settings.database,
            str(settings.sources_dir), str(settings.marts_dir), "bench-products",
            *(str(path) for path in files.parts),
        ]  # fmt: skip
        environment = of_the_bench({SERVER_PID: str(place.pid)})
        turn.keep_parts(files, *turn.run("parts", command, environment))
        with explained(WAREHOUSE):
            check_versions(
                settings, WAREHOUSE, files.first, files.parts, files.counted, whole=False
            )
    return turn.loads


class _Turn:
    """One contender's turn: its name, and what it took so far."""

    def __init__(self, place: Arena, contender: str, name: str, patience: float) -> None:
        self._place, self._contender, self._name = place, contender, name
        self._patience = patience
        self.loads: list[Load] = []

    def run(
        self, workload: str, command: list[str], environment: dict[str, str]
    ) -> tuple[Measured, int]:
        name = f"{self._name}-{workload.replace(' ', '-')}"
        return timed(self._place, name, self._patience, command, environment)

    def keep(
        self, workload: str, rows: int, measured: Measured, wal: int, phases: dict[str, float]
    ) -> None:
        cpu = measured.client_cpu_seconds + measured.server_cpu_seconds
        self.loads.append(
            Load(
                self._contender, workload, rows, measured.wall_seconds, cpu,
                measured.peak_bytes, measured.foreign_share, wal, phases,
            )
        )  # fmt: skip

    def keep_parts(self, files: Parts, measured: Measured, wal: int) -> None:
        """Each delivery by what it took inside the process."""
        took = told_inside(measured.output)
        if len(took) != len(files.parts):
            raise BenchFailedError(f"{self._name} told of {len(took)} of {len(files.parts)} parts")
        workload = part_workload(files.first.sizes.products)
        self.loads += [
            Load(
                self._contender, workload, files.rows, one.seconds, one.cpu_seconds,
                measured.peak_bytes, measured.foreign_share, wal // len(took),
                {"client": one.client_cpu_seconds, "server": one.server_cpu_seconds},
            )
            for one in took
        ]  # fmt: skip


@contextmanager
def _martless_warehouse(place: Arena, name: str) -> Iterator[Settings]:
    """An empty warehouse that refreshes no mart of products or orders."""
    with empty_warehouse(place, name) as settings:
        marts = settings.home / "marts"
        marts.mkdir()
        file = Path(settings.marts_dir) / f"{_MART}.sql"
        shutil.copyfile(file, marts / file.name)
        yield replace(settings, marts_dir=marts)
