"""The loads of the history workloads as a table and as figures, each a ratio of medians."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from benchmarks.contenders import FLOOR, WAREHOUSE
from benchmarks.evidence import Figure
from benchmarks.history import FIRST_DAY, LINES, LINES_AGAIN, SECOND_DAY, part_workload

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.history import Load

_MIB: Final = 1024**2
_WIDTH: Final = 120
# Ratios to the floor of the same run that are good enough.
AT_MOST: Final = {SECOND_DAY: 1.2, LINES: 1.5, LINES_AGAIN: 1.2}
PART_AT_MOST: Final = 3.0
GROWTH_AT_MOST: Final = 1.3


def print_loads(loads: Sequence[Load]) -> None:
    """Print one row a workload and contender, then where the time of its last load went."""
    table = Table(title="history", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("workload", "contender"):
        table.add_column(name)
    for name in ("loads", "seconds", "CPU s", "peak MiB", "WAL MiB", "others %"):
        table.add_column(name, justify="right")
    groups = _groups(loads)
    for (workload, contender), group in groups.items():
        table.add_row(
            workload,
            contender,
            f"{len(group)}",
            f"{median(load.seconds for load in group):.2f}",
            f"{median(load.cpu_seconds for load in group):.2f}",
            f"{max(load.peak_bytes for load in group) / _MIB:,.0f}",
            f"{median(load.wal_bytes for load in group) / _MIB:,.0f}",
            f"{100 * max(load.foreign_share for load in group):.0f}",
        )
    console = Console(highlight=False, width=_WIDTH)
    console.print(table)
    for (workload, contender), group in groups.items():
        spent = "  ".join(f"{name} {took:.2f} s" for name, took in group[-1].phases.items())
        console.print(f"{workload} {contender}: {spent}")


def history_figures(loads: Sequence[Load], members: Sequence[int]) -> list[Figure]:
    """Seconds of the warehouse, ratios to the floor by time and by CPU, growth of W2."""
    figures: list[Figure] = []
    for workload in (FIRST_DAY, SECOND_DAY, LINES, LINES_AGAIN, *map(part_workload, members)):
        own = [load for load in loads if (load.workload, load.contender) == (workload, WAREHOUSE)]
        if not own:
            continue
        name = workload.replace(" ", "_")
        seconds = median(load.seconds for load in own)
        figures += [
            Figure(f"{name}_seconds", round(seconds, 3), "s"),
            Figure(f"{name}_rows_per_second", round(own[0].rows / seconds), "rows/s"),
        ]
        if any(load.contender == FLOOR for load in loads):
            figures += [
                Figure(f"{name}_floor_seconds", round(_seconds(loads, workload, FLOOR), 3), "s"),
                Figure(f"{name}_ratio", _ratio(loads, workload, lambda one: one.seconds), "ratio"),
                Figure(
                    f"{name}_cpu_ratio",
                    _ratio(loads, workload, lambda one: one.cpu_seconds),
                    "ratio",
                ),
            ]
    return figures + _growth(loads, members) + _common(loads)


def too_slow(figures: Sequence[Figure]) -> list[str]:
    """The figures above what they may be, in words."""
    values = {figure.name: figure.value for figure in figures}
    bounds = {f"{workload.replace(' ', '_')}_ratio": most for workload, most in AT_MOST.items()}
    bounds |= {
        name: PART_AT_MOST
        for name in values
        if name.startswith("w2_into") and name.endswith("_ratio") and "cpu" not in name
    }
    bounds["w2_growth"] = GROWTH_AT_MOST
    return [
        f"{name} is {values[name]}, at most {most}"
        for name, most in bounds.items()
        if values.get(name, 0.0) > most
    ]


def _groups(loads: Sequence[Load]) -> dict[tuple[str, str], list[Load]]:
    groups: dict[tuple[str, str], list[Load]] = {}
    order = {load.workload: place for place, load in reversed([*enumerate(loads)])}
    for load in sorted(loads, key=lambda one: (order[one.workload], one.contender)):
        groups.setdefault((load.workload, load.contender), []).append(load)
    return groups


def _seconds(loads: Sequence[Load], workload: str, contender: str) -> float:
    return _median(loads, workload, contender, lambda one: one.seconds)


def _ratio(loads: Sequence[Load], workload: str, what: Callable[[Load], float]) -> float:
    own, floor = (_median(loads, workload, who, what) for who in (WAREHOUSE, FLOOR))
    return round(own / max(floor, 0.001), 3)


def _median(
    loads: Sequence[Load], workload: str, contender: str, what: Callable[[Load], float]
) -> float:
    return median(
        what(load) for load in loads if (load.workload, load.contender) == (workload, contender)
    )


def _growth(loads: Sequence[Load], members: Sequence[int]) -> list[Figure]:
    """W2 into the most members against W2 into the fewest."""
    names = [part_workload(count) for count in sorted(members)]
    present = [name for name in names if any(load.workload == name for load in loads)]
    if len(present) < 2:  # noqa: PLR2004  # growth is from one size to another
        return []
    least, most = (_seconds(loads, name, WAREHOUSE) for name in (present[0], present[-1]))
    return [Figure("w2_growth", round(most / least, 3), "ratio")]


def _common(loads: Sequence[Load]) -> list[Figure]:
    peak = max(load.peak_bytes for load in loads if load.contender == WAREHOUSE)
    others = max(load.foreign_share for load in loads)
    return [
        Figure("peak_client_mib", round(peak / _MIB, 1), "MiB"),
        Figure("foreign_cpu_pct", round(100 * others, 1), "%"),
    ]
