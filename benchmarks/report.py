"""The laps of all contenders as a table for people and as figures for the evidence."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from benchmarks.contenders import CONSTRAINED, FLOOR, PARTS, WAREHOUSE, Lap, Part
from benchmarks.evidence import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MIB: Final = 1024**2
_WIDTH: Final = 120


def print_laps(laps: Sequence[Lap]) -> None:
    """Print one row a lap and file, then where the time of the median lap went."""
    table = Table(title="laps", title_justify="left", show_edge=False, pad_edge=False)
    for name in ("contender", "file"):
        table.add_column(name)
    for name in ("seconds", "rows/s", "client CPU s", "server CPU s", "peak MiB", "WAL MiB",
                 "others %"):  # fmt: skip
        table.add_column(name, justify="right")
    for lap in laps:
        for part in lap.parts:
            table.add_row(lap.contender, part.name, *_cells(part))
    console = Console(highlight=False, width=_WIDTH)
    console.print(table)
    for lap in _last_of_each(laps):
        for part in lap.parts:
            spent = "  ".join(f"{name} {seconds:.2f} s" for name, seconds in part.phases.items())
            console.print(f"{lap.contender} {part.name}: {spent or 'no phases told'}")


def print_figures(figures: Sequence[Figure]) -> None:
    """Print the figures of the evidence, one a line."""
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        print(f"{figure.name:<{width}}  {figure.value:>14,.2f}  {figure.unit}")


def figures_of(laps: Sequence[Lap]) -> list[Figure]:
    """The figures of the warehouse and its ratios to the floors of the same run; medians."""
    figures = _own_figures(laps)
    for contender, name in ((FLOOR, "floor"), (CONSTRAINED, "constrained_floor")):
        if not _of(laps, contender):
            continue
        for part in _parts(laps):
            ratio = _seconds(laps, WAREHOUSE, part) / _seconds(laps, contender, part)
            figures.append(Figure(f"ratio_to_{name}_{part}", round(ratio, 3), "ratio"))
        ratio = _total(laps, WAREHOUSE) / _total(laps, contender)
        figures.append(Figure(f"ratio_to_{name}_total", round(ratio, 3), "ratio"))
        figures.append(Figure(f"{name}_seconds", round(_total(laps, contender), 2), "s"))
        # Processor time hardly depends on who else uses the machine.
        work = _cpu(laps, WAREHOUSE) / _cpu(laps, contender)
        figures.append(Figure(f"cpu_ratio_to_{name}", round(work, 3), "ratio"))
    return figures


def _own_figures(laps: Sequence[Lap]) -> list[Figure]:
    own = _of(laps, WAREHOUSE)
    rows = {part.name: part.rows for part in own[0].parts}
    figures = []
    for part in _parts(laps):
        seconds = _seconds(laps, WAREHOUSE, part)
        figures.append(Figure(f"rows_per_second_{part}", round(rows[part] / seconds), "rows/s"))
        figures.append(Figure(f"{part}_seconds", round(seconds, 2), "s"))
    total = _total(laps, WAREHOUSE)
    figures.append(Figure("rows_per_second_total", round(sum(rows.values()) / total), "rows/s"))
    figures.append(Figure("total_seconds", round(total, 2), "s"))
    peak = max(part.measured.peak_bytes for lap in own for part in lap.parts)
    figures.append(Figure("peak_client_mib", round(peak / _MIB, 1), "MiB"))
    wal = median(sum(part.wal_bytes for part in lap.parts) for lap in own)
    figures.append(Figure("wal_mib", round(wal / _MIB, 1), "MiB"))
    size = median(lap.database_bytes for lap in own)
    figures.append(Figure("database_mib", round(size / _MIB, 1), "MiB"))
    others = max(part.measured.foreign_share for lap in laps for part in lap.parts)
    figures.append(Figure("foreign_cpu_pct", round(100 * others, 1), "%"))
    return figures


def _cells(part: Part) -> list[str]:
    measured = part.measured
    return [
        f"{measured.wall_seconds:.2f}",
        f"{part.rows / measured.wall_seconds:,.0f}",
        f"{measured.client_cpu_seconds:.1f}",
        f"{measured.server_cpu_seconds:.1f}",
        f"{measured.peak_bytes / _MIB:,.0f}",
        f"{part.wal_bytes / _MIB:,.0f}",
        f"{100 * measured.foreign_share:.0f}",
    ]


def _of(laps: Sequence[Lap], contender: str) -> list[Lap]:
    return [lap for lap in laps if lap.contender == contender]


def _last_of_each(laps: Sequence[Lap]) -> list[Lap]:
    return list({lap.contender: lap for lap in laps}.values())


def _parts(laps: Sequence[Lap]) -> list[str]:
    present = {part.name for lap in laps for part in lap.parts}
    return [name for name in PARTS if name in present]


def _seconds(laps: Sequence[Lap], contender: str, part: str) -> float:
    return _median(laps, contender, lambda p: p.name == part)


def _total(laps: Sequence[Lap], contender: str) -> float:
    return _median(laps, contender, lambda _: True)


def _cpu(laps: Sequence[Lap], contender: str) -> float:
    return median(
        sum(p.measured.client_cpu_seconds + p.measured.server_cpu_seconds for p in lap.parts)
        for lap in _of(laps, contender)
    )


def _median(laps: Sequence[Lap], contender: str, counted: Callable[[Part], bool]) -> float:
    return median(
        sum(part.measured.wall_seconds for part in lap.parts if counted(part))
        for lap in _of(laps, contender)
    )
