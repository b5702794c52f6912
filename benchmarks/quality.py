"""W4: a million products with faults, judged and split; the warehouse's steps 1 to 3 whole.

Beside the floor's COPY and six rules the warehouse receives and seals the file, cleans and logs
each cleaning, gives every reason of a row, numbers sellers, and stages products and offers apart.
"""

from __future__ import annotations

import sys
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks.arena import SQL, Arena, empty_database, empty_warehouse
from benchmarks.checks import WrongResultError
from benchmarks.contenders import (
    FLOOR,
    WAREHOUSE,
    explained,
    of_the_bench,
    phases_of,
    timed,
)
from benchmarks.evidence import Figure
from benchmarks.history import Load
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.quality_files import Dirty
    from shopnow.kernel import Settings

STEPS: Final = "w4"
AT_MOST: Final = 0.8
_MIB: Final = 1024**2
# Codes of the warehouse for the faults that refuse a row; the repeated row is counted in step 4.
_CODES: Final = ("missing_value", "bad_gtin", "unknown_category", "negative_value", "not_a_number")


def floor_quality(place: Arena, dirty: Dirty, name: str, patience: float) -> Load:
    """The floor's turn; raises BenchFailedError."""
    command = [sys.executable, "-m", "benchmarks.floor_quality", str(dirty.file),
               str(dirty.categories)]  # fmt: skip
    with empty_database(place, name) as variables:
        measured, wal = timed(place, name, patience, command, of_the_bench(variables))
        with explained(FLOOR):
            found = _counts(place.settings.with_database(name), "quality_floor_counts")
            wanted = dict.fromkeys(
                ("missing", "gtin", "category", "negative", "number", "repeated"), dirty.each
            )
            _compare(found, wanted | {"accepted": dirty.rows - 6 * dirty.each})
    cpu = measured.client_cpu_seconds + measured.server_cpu_seconds
    return Load(FLOOR, STEPS, dirty.rows, measured.wall_seconds, cpu, measured.peak_bytes,
                measured.foreign_share, wal, phases_of(measured.output))  # fmt: skip


def warehouse_quality(place: Arena, dirty: Dirty, name: str, patience: float) -> Load:
    """The warehouse's turn; raises BenchFailedError."""
    with empty_warehouse(place, name) as settings:
        paths = dirty.categories.read_text(encoding="utf-8").splitlines()[1:]
        with connect(settings) as connection:
            connection.execute(SQL["quality_category_add"], {"paths": paths})
        command = [sys.executable, "-m", "benchmarks.quality_loader", str(settings.home),
                   settings.database, str(settings.sources_dir), "bench-quality",
                   str(dirty.file)]  # fmt: skip
        measured, wal = timed(place, name, patience, command, of_the_bench({}))
        with explained(WAREHOUSE):
            found = _counts(settings, "quality_warehouse_counts")
            wanted = dict.fromkeys(_CODES, dirty.each)
            wanted["products"] = dirty.rows - 3 * dirty.each
            _compare(found, wanted)
    cpu = measured.client_cpu_seconds + measured.server_cpu_seconds
    return Load(WAREHOUSE, STEPS, dirty.rows, measured.wall_seconds, cpu, measured.peak_bytes,
                measured.foreign_share, wal, phases_of(measured.output))  # fmt: skip


def quality_figures(loads: Sequence[Load]) -> list[Figure]:
    """Seconds, rows a second, peak memory, and the ratio of medians to the floor."""
    own = [load for load in loads if load.contender == WAREHOUSE]
    floor = [load for load in loads if load.contender == FLOOR]
    seconds = median(load.seconds for load in own)
    figures = [
        Figure("w4_seconds", round(seconds, 3), "s"),
        Figure("w4_rows_per_second", round(own[0].rows / seconds), "rows/s"),
        Figure("w4_records_per_second", round(2 * own[0].rows / seconds), "records/s"),
        Figure("w4_peak_client_mib", round(max(load.peak_bytes for load in own) / _MIB, 1), "MiB"),
        Figure("foreign_cpu_pct", round(100 * max(load.foreign_share for load in loads), 1), "%"),
    ]
    if floor:
        base = median(load.seconds for load in floor)
        cpu = median(load.cpu_seconds for load in own) / median(load.cpu_seconds for load in floor)
        figures += [
            Figure("w4_floor_seconds", round(base, 3), "s"),
            Figure("w4_ratio", round(seconds / base, 3), "ratio"),
            Figure("w4_cpu_ratio", round(cpu, 3), "ratio"),
        ]
    return figures


def _counts(settings: Settings, name: str) -> dict[str, int]:
    with connect(settings, None) as connection:
        return {rule: int(times) for rule, times in connection.execute(SQL[name]).fetchall()}


def _compare(found: Mapping[str, int], wanted: Mapping[str, int]) -> None:
    wrong = {name: (found.get(name), count) for name, count in wanted.items()
             if found.get(name) != count}  # fmt: skip
    if wrong:
        told = ", ".join(f"{name}: {was}, not {count}" for name, (was, count) in wrong.items())
        raise WrongResultError(f"{told} (found {dict(found)})")
