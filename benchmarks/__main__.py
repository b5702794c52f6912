"""`python -m benchmarks`, or `make bench`: the spine against its floor, in the same run.

Exit code 0 good, 1 slower or larger than the bounds, 3 a load failed or its result is wrong.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.arena import Arena, arena
from benchmarks.contenders import BenchFailedError, Lap, run_floor, run_warehouse
from benchmarks.evidence import Evidence, machine, write_evidence
from benchmarks.generate import Files, generate
from benchmarks.products import Sizes
from benchmarks.report import figures_of, print_figures, print_laps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.evidence import Figure

BUILD: Final = Path("build")
CRITERION: Final = (
    "1,000,000 products and 1,000,000 order lines, file to published marts: at most 2.5 times the "
    "floor of the same run, peak client memory under 1 GiB"
)
BIG_CRITERION: Final = "a products file of several GB loads with a client under 1 GiB"
MOST_TIMES_THE_FLOOR: Final = 2.5
MOST_CLIENT_MIB: Final = 1024.0
_SMALL_ROWS: Final = 20_000
_BIG_ROWS: Final = 12_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench and return its exit code."""
    wanted = _parser().parse_args(arguments)
    sizes = _sizes(wanted)
    files = generate(wanted.work / "data", sizes)
    try:
        with arena(wanted.work, durable=not wanted.small) as place:
            options = place.options()
            laps = _laps(place, files, wanted)
    except BenchFailedError as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 3
    print_laps(laps)
    if wanted.only == "floor":
        return 0
    figures = figures_of(laps)
    print_figures(figures)
    _write(wanted, sizes, figures, options)
    return 0 if wanted.small else _verdict(figures)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--products", type=int, default=Sizes.products, help="rows of products")
    parser.add_argument("--lines", type=int, default=Sizes.lines, help="order lines")
    parser.add_argument("--sellers", type=int, default=Sizes.sellers, help="sellers")
    parser.add_argument("--small", action="store_true", help="20,000 rows, no fsync: for tests")
    parser.add_argument(
        "--big", action="store_true", help="12,000,000 products (3 GB), the warehouse alone"
    )
    parser.add_argument("--repeat", type=int, default=2, help="laps of each contender")
    parser.add_argument("--only", choices=("floor", "warehouse"), help="one kind of contender")
    parser.add_argument("--patience", type=float, default=20.0, metavar="SECONDS",
                        help="how long to wait for a quiet machine before each load")  # fmt: skip
    parser.add_argument("--work", type=Path, default=BUILD / "bench", help="folder for files")
    parser.add_argument("--evidence", type=Path, default=BUILD / "evidence", help="its folder")
    return parser


def _sizes(wanted: argparse.Namespace) -> Sizes:
    wanted.work = wanted.work.resolve()
    if wanted.small:
        wanted.repeat, wanted.patience = 1, 0.0
        return Sizes(_SMALL_ROWS, _SMALL_ROWS, 100)
    if wanted.big:
        wanted.repeat, wanted.only = 1, "warehouse"
        return Sizes(_BIG_ROWS, 0, wanted.sellers)
    return Sizes(wanted.products, wanted.lines, wanted.sellers)


def _laps(place: Arena, files: Files, wanted: argparse.Namespace) -> list[Lap]:
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


def _write(
    wanted: argparse.Namespace, sizes: Sizes, figures: list[Figure], options: dict[str, str]
) -> None:
    full = sizes == Sizes()
    name = "bench-spine" if full else "bench-spine-big" if wanted.big else "bench-spine-other"
    evidence = Evidence(
        id=name,
        criterion=BIG_CRITERION if wanted.big else CRITERION,
        command=_command(wanted),
        figures=figures,
        measured_at=datetime.now(UTC),
        machine=machine(),
        conditions={
            "products": str(sizes.products),
            "lines": str(sizes.lines),
            "sellers": str(sizes.sellers),
            "laps": str(wanted.repeat),
            **options,
        },
    )
    path = wanted.evidence / f"{name}.json"
    write_evidence(path, evidence)
    print(f"written: {path}")


def _command(wanted: argparse.Namespace) -> str:
    if wanted.small:
        return "python -m benchmarks --small"
    if wanted.big:
        return "python -m benchmarks --big"
    sizes = f"--products {wanted.products} --lines {wanted.lines} --sellers {wanted.sellers}"
    whole = (wanted.products, wanted.lines, wanted.sellers) == (
        Sizes.products, Sizes.lines, Sizes.sellers,
    )  # fmt: skip
    return "make bench" if whole else f"python -m benchmarks {sizes}"


def _verdict(figures: list[Figure]) -> int:
    values = {figure.name: figure.value for figure in figures}
    code = 0
    for name, most in (
        ("ratio_to_floor_total", MOST_TIMES_THE_FLOOR),
        ("peak_client_mib", MOST_CLIENT_MIB),
    ):
        if values.get(name, 0.0) > most:
            print(f"too much: {name} is {values[name]}, at most {most}", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
