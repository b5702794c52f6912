"""`python -m benchmarks`, or `make bench`: loads against a floor taken in the same run.

Exit code 0 good, 1 slower or larger than the bounds, 3 a load failed or its result is wrong.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from benchmarks.arena import Arena, arena
from benchmarks.contenders import BenchFailedError, Lap, run_floor, run_warehouse
from benchmarks.evidence import Evidence, machine, write_evidence
from benchmarks.generate import Files, generate
from benchmarks.history import (
    Load,
    floor_parts,
    floor_two_days,
    warehouse_parts,
    warehouse_two_days,
)
from benchmarks.history_files import Parts, TwoDays, parts_of, two_days
from benchmarks.history_report import history_figures, print_loads, too_slow
from benchmarks.options import HISTORY_LINES, MEMBERS, WORKLOADS, Wanted, parse_options
from benchmarks.products import Sizes
from benchmarks.quality import AT_MOST, floor_quality, quality_figures, warehouse_quality
from benchmarks.quality_files import dirty_products
from benchmarks.report import figures_of, print_figures, print_laps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.evidence import Figure

SPINE: Final = (
    "1,000,000 products and 1,000,000 order lines, file to published marts: at most 2.5 times the "
    "floor of the same run, peak client memory under 1 GiB"
)
BIG: Final = "a products file of several GB loads with a client under 1 GiB"
HISTORY: Final = (
    "times the floor of the same run, steps 1 to 5 whole: full delivery of the second day at most "
    "1.2, a delivery of 10,000 rows at most 3 and growing at most 1.3 times from 100,000 to "
    "4,000,000 members, order lines at most 1.5, the same lines again at most 1.2"
)
QUALITY: Final = (
    "steps 1 to 3 whole over 1,005,000 product lines, 3 % of them bad: at most 0.8 times the floor "
    "of the same run (COPY and the same rules in SQL)"
)
MOST_TIMES_THE_FLOOR: Final = 2.5
MOST_CLIENT_MIB: Final = 1024.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and return its exit code."""
    wanted = parse_options(arguments, __doc__)
    complaints: list[str] = []
    try:
        if "spine" in wanted.workloads:
            complaints += _spine(wanted)
        if {"w1", "w2", "w3"} & {*wanted.workloads}:
            complaints += _history(wanted)
        if "w4" in wanted.workloads:
            complaints += _quality(wanted)
    except BenchFailedError as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 3
    for complaint in complaints:
        print(f"too much: {complaint}", file=sys.stderr)
    return 1 if complaints and not wanted.small else 0


def _spine(wanted: Wanted) -> list[str]:
    """Products and lines from file to published marts; what is above its bound."""
    files = generate(wanted.work / "data", wanted.spine)
    with arena(wanted.work, durable=not wanted.small) as place:
        options = place.options()
        laps = _laps(place, files, wanted)
    print_laps(laps)
    if wanted.only == "floor":
        return []
    figures = figures_of(laps)
    print_figures(figures)
    sizes = wanted.spine
    name = "bench-spine" if sizes == Sizes() else "bench-spine-other"
    _write(
        wanted,
        "bench-spine-big" if wanted.big else name,
        BIG if wanted.big else SPINE,
        figures=figures,
        sizes={"products": sizes.products, "lines": sizes.lines, "sellers": sizes.sellers},
        options=options,
    )
    values = {figure.name: figure.value for figure in figures}
    bounds = {"ratio_to_floor_total": MOST_TIMES_THE_FLOOR, "peak_client_mib": MOST_CLIENT_MIB}
    return [
        f"{name} is {values[name]}, at most {most}"
        for name, most in bounds.items()
        if values.get(name, 0.0) > most
    ]


def _laps(place: Arena, files: Files, wanted: Wanted) -> list[Lap]:
    laps: list[Lap] = []
    for number in range(1, wanted.repeat + 1):
        # Interleaved, so that a busy spell of the machine falls on all contenders.
        if wanted.only != "warehouse":
            for constrained in (False, True):
                name = f"floor_{number}_{'constrained' if constrained else 'plain'}"
                laps.append(run_floor(place, files, name, wanted.patience, constrained=constrained))
        if wanted.only != "floor":
            laps.append(run_warehouse(place, files, f"warehouse_{number}", wanted.patience))
    return laps


def _history(wanted: Wanted) -> list[str]:
    """The history workloads; what is above its bound."""
    data = wanted.work / "data"
    days = two_days(data, wanted.days) if {"w1", "w3"} & {*wanted.workloads} else None
    members = wanted.members if "w2" in wanted.workloads else ()
    parts = [parts_of(data, count, wanted.part_rows, wanted.part_deliveries) for count in members]
    with arena(wanted.work, durable=not wanted.small) as place:
        options = place.options()
        loads = _loads(place, days, parts, wanted)
    print_loads(loads)
    if wanted.only == "floor":
        return []
    figures = history_figures(loads, members)
    print_figures(figures)
    usual = (*WORKLOADS,) == wanted.workloads and wanted.days == Sizes(lines=HISTORY_LINES)
    _write(
        wanted,
        "bench-history" if usual and members == MEMBERS else "bench-history-other",
        HISTORY,
        figures=figures,
        sizes={
            "products": wanted.days.products,
            "lines": wanted.days.lines,
            "sellers": wanted.days.sellers,
            "members": ", ".join(map(str, members)),
            "part_rows": wanted.part_rows,
        },
        options=options,
    )
    return too_slow(figures)


def _quality(wanted: Wanted) -> list[str]:
    """Steps 1 to 3 over dirty products; what is above its bound."""
    dirty = dirty_products(wanted.work / "data", replace(wanted.days, lines=0))
    loads: list[Load] = []
    with arena(wanted.work, durable=not wanted.small) as place:
        options = place.options()
        for number in range(1, wanted.repeat + 1):
            if wanted.only != "warehouse":
                loads.append(floor_quality(place, dirty, f"dirty_floor_{number}", wanted.patience))
            if wanted.only != "floor":
                loads.append(warehouse_quality(place, dirty, f"dirty_{number}", wanted.patience))
    print_loads(loads)
    if wanted.only == "floor":
        return []
    figures = quality_figures(loads)
    print_figures(figures)
    usual = dirty.products == Sizes.products
    name = "bench-quality" if usual else "bench-quality-other"
    sizes: dict[str, int | str] = {"rows": dirty.rows, "bad_rows": 6 * dirty.each}
    _write(wanted, name, QUALITY, figures=figures, sizes=sizes, options=options)
    values = {figure.name: figure.value for figure in figures}
    ratio = values.get("w4_ratio", 0.0)
    return [f"w4_ratio is {ratio}, at most {AT_MOST}"] if ratio > AT_MOST else []


def _loads(place: Arena, days: TwoDays | None, parts: list[Parts], wanted: Wanted) -> list[Load]:
    loads: list[Load] = []
    for number in range(1, wanted.repeat + 1):
        if days is not None and wanted.only != "warehouse":
            loads += floor_two_days(place, days, f"floor_days_{number}", wanted.patience)
        if days is not None and wanted.only != "floor":
            loads += warehouse_two_days(place, days, f"days_{number}", wanted.patience)
    # Once: each delivery of a part is a measurement.
    for part in parts:
        count = part.first.sizes.products
        if wanted.only != "warehouse":
            loads += floor_parts(place, part, f"floor_parts_{count}", wanted.patience)
        if wanted.only != "floor":
            loads += warehouse_parts(place, part, f"parts_{count}", wanted.patience)
    return loads


def _write(
    wanted: Wanted,
    name: str,
    criterion: str,
    *,
    figures: list[Figure],
    sizes: dict[str, int | str],
    options: dict[str, str],
) -> None:
    evidence = Evidence(
        id=name,
        criterion=criterion,
        command=wanted.command,
        figures=figures,
        measured_at=datetime.now(UTC),
        machine=machine(),
        conditions={
            **{key: str(value) for key, value in sizes.items()},
            "laps": str(wanted.repeat),
            **options,
        },
    )
    path = wanted.evidence / f"{name}.json"
    write_evidence(path, evidence)
    print(f"written: {path}")


if __name__ == "__main__":
    sys.exit(main())
