"""The options of the bench, and the sizes that they mean."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.products import Sizes

if TYPE_CHECKING:
    from collections.abc import Sequence

BUILD: Final = Path("build")
WORKLOADS: Final = ("spine", "w1", "w2", "w3", "w4")
MEMBERS: Final = (100_000, 1_000_000, 4_000_000)
HISTORY_LINES: Final = 2_000_000
PART_ROWS: Final = 10_000
PART_DELIVERIES: Final = 5
_SMALL_ROWS: Final = 20_000
_SMALL_MEMBERS: Final = (5_000, 10_000)
_SMALL_PART: Final = 1_000
_BIG_ROWS: Final = 12_000_000


@dataclass(frozen=True)
class Wanted:
    """What one call of the bench does."""

    workloads: tuple[str, ...]
    spine: Sizes
    days: Sizes
    members: tuple[int, ...]
    part_rows: int
    part_deliveries: int
    small: bool
    big: bool
    repeat: int
    only: str | None
    patience: float
    work: Path
    evidence: Path
    command: str


def parse_options(arguments: Sequence[str] | None, about: str | None) -> Wanted:
    """What the command line wants."""
    given = _parser(about).parse_args(arguments)
    workloads = WORKLOADS if given.workload == "all" else (given.workload,)
    if given.small:
        given.products = given.lines = given.history_lines = _SMALL_ROWS
        given.sellers, given.members, given.part_rows = 100, _SMALL_MEMBERS, _SMALL_PART
        given.repeat, given.patience = 1, 0.0
    spine = Sizes(given.products, given.lines, given.sellers)
    only = given.only
    if given.big:
        workloads, given.repeat, only = ("spine",), 1, "warehouse"
        spine = Sizes(_BIG_ROWS, 0, given.sellers)
    lines = given.history_lines if "w3" in workloads else 0
    return Wanted(
        workloads=workloads,
        spine=spine,
        days=Sizes(given.products, lines, given.sellers),
        members=tuple(given.members),
        part_rows=given.part_rows,
        part_deliveries=given.part_deliveries,
        small=given.small,
        big=given.big,
        repeat=given.repeat,
        only=only,
        patience=given.patience,
        work=given.work.resolve(),
        evidence=given.evidence,
        command=_command(given),
    )


def _parser(about: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=about)
    parser.add_argument("--workload", choices=(*WORKLOADS, "all"), default="all",
                        help="the spine, a history workload, or w4, dirty rows judged")  # fmt: skip
    parser.add_argument("--products", type=int, default=Sizes.products, help="rows of products")
    parser.add_argument("--lines", type=int, default=Sizes.lines, help="order lines of the spine")
    parser.add_argument("--sellers", type=int, default=Sizes.sellers, help="sellers")
    parser.add_argument("--history-lines", type=int, default=HISTORY_LINES, help="lines of w3")
    parser.add_argument("--members", type=_numbers, default=MEMBERS, metavar="N,N",
                        help="products that w2 delivers into")  # fmt: skip
    parser.add_argument("--part-rows", type=int, default=PART_ROWS, help="rows of a delivery of w2")
    parser.add_argument("--part-deliveries", type=int, default=PART_DELIVERIES,
                        help="deliveries of w2")  # fmt: skip
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


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _command(given: argparse.Namespace) -> str:
    """The call that repeats the figures, without where its files go."""
    if given.big:
        return "python -m benchmarks --big"
    command = f"python -m benchmarks --workload {given.workload}"
    if given.small:
        return f"{command} --small"
    usual = _parser(None).parse_args([])
    sizes = ("products", "lines", "sellers", "history_lines", "members", "part_rows")
    for name in sizes:
        value = getattr(given, name)
        if value != getattr(usual, name):
            text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            command += f" --{name.replace('_', '-')} {text}"
    return command
