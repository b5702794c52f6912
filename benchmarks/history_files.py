"""The files of the history workloads: the second day, parts of the products, lines once more."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.changes import Counted, day_one_block, part_of_products
from benchmarks.generate import BLOCK_ROWS, Files, generate
from benchmarks.products import Sizes, product_block

if TYPE_CHECKING:
    from pathlib import Path

# Files made by another version of the generator are made again.
VERSION: Final = 1


@dataclass(frozen=True)
class TwoDays:
    """Both days of the products, the order lines twice, and how many products changed how."""

    first: Files
    second: Path
    lines_again: Path | None
    counted: Counted


@dataclass(frozen=True)
class Parts:
    """The products of the first day and deliveries of a part of them each."""

    first: Files
    parts: tuple[Path, ...]
    rows: int
    counted: Counted


def two_days(folder: Path, sizes: Sizes) -> TwoDays:
    """Make the files of the workloads W1 and, when `sizes` has lines, W3."""
    first = generate(folder, sizes)
    place = first.products.parent
    second, again = place / "products-2.csv", place / "orders-2.csv"
    known = _known(place / "second.json", sizes)
    if known is None:
        known = _write_second(second, sizes)
        _keep(place / "second.json", sizes, known)
    if first.lines is None:
        return TwoDays(first, second, None, known)
    if not again.exists():
        _write_again(first.lines, again)
    return TwoDays(first, second, again, known)


def parts_of(folder: Path, members: int, rows: int, deliveries: int) -> Parts:
    """Make the files of the workload W2: `members` products and deliveries of `rows` of them."""
    sizes = Sizes(members, 0, max(1, members * Sizes.sellers // Sizes.products))
    first = generate(folder, sizes)
    place = first.products.parent
    counted = Counted()
    block = product_block(0, min(BLOCK_ROWS, members), sizes)
    paths = []
    for number in range(deliveries):
        path = place / f"part-{rows}-{number}.csv"
        part_of_products(block, number, rows, sizes, counted).write_csv(path)
        paths.append(path)
    return Parts(first, tuple(paths), rows, counted)


def _write_second(path: Path, sizes: Sizes) -> Counted:
    counted = Counted()
    with path.open("wb") as stream:
        for first in range(0, sizes.products, BLOCK_ROWS):
            block = product_block(first, min(BLOCK_ROWS, sizes.products - first), sizes)
            rows = day_one_block(block, first, sizes, counted)
            rows.write_csv(stream, include_header=first == 0)
    return counted


def _write_again(lines: Path, again: Path) -> None:
    """The same lines in other bytes, the last one without its end: nobody takes it for a copy."""
    fresh = again.with_suffix(".part")
    shutil.copyfile(lines, fresh)
    with fresh.open("r+b") as stream:
        stream.truncate(lines.stat().st_size - 1)
    fresh.replace(again)


def _known(manifest: Path, sizes: Sizes) -> Counted | None:
    if not manifest.is_file():
        return None
    held = json.loads(manifest.read_text(encoding="utf-8"))
    return Counted(**held["counted"]) if held["wanted"] == _wanted(sizes) else None


def _keep(manifest: Path, sizes: Sizes, counted: Counted) -> None:
    """Written last: files that were cut off are never taken for whole."""
    text = json.dumps({"wanted": _wanted(sizes), "counted": asdict(counted)}, indent=2)
    manifest.write_text(text + "\n", encoding="utf-8")


def _wanted(sizes: Sizes) -> dict[str, int]:
    return {"version": VERSION, **asdict(sizes)}
