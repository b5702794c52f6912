"""The files of one size and what a correct load of them must produce; made once, then kept."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from benchmarks.orders import UNKNOWN_PREFIX, order_block
from benchmarks.products import Sizes, product_block

if TYPE_CHECKING:
    from pathlib import Path

# Files made by another version of the generator are made again.
VERSION: Final = 1
BLOCK_ROWS: Final = 250_000


@dataclass
class Expected:
    """What a correct load holds: lines with an unknown product, such products, cents sold."""

    unknown_lines: int = 0
    unknown_products: int = 0
    cents: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Files:
    """The generated files and the truth about them; `lines` is None when none were asked for."""

    sizes: Sizes
    products: Path
    lines: Path | None
    expected: Expected


def generate(folder: Path, sizes: Sizes) -> Files:
    """Make the files of `sizes` under `folder`, unless they stand there already."""
    place = folder / f"{sizes.products}-{sizes.lines}-{sizes.sellers}-{sizes.seed}"
    products, lines = place / "products.csv", place / "orders.csv"
    manifest = place / "manifest.json"
    wanted = {"version": VERSION, **asdict(sizes)}
    if manifest.is_file():
        known = json.loads(manifest.read_text(encoding="utf-8"))
        if known["wanted"] == wanted:
            return Files(
                sizes, products, lines if sizes.lines else None, Expected(**known["truth"])
            )
    place.mkdir(parents=True, exist_ok=True)
    _write_products(products, sizes)
    expected = _write_lines(lines, sizes) if sizes.lines else Expected()
    # The manifest comes last: files that were cut off are never taken for whole.
    text = json.dumps({"wanted": wanted, "truth": asdict(expected)}, indent=2)
    manifest.write_text(text + "\n", encoding="utf-8")
    return Files(sizes, products, lines if sizes.lines else None, expected)


def _write_products(path: Path, sizes: Sizes) -> None:
    with path.open("wb") as stream:
        for first in range(0, sizes.products, BLOCK_ROWS):
            count = min(BLOCK_ROWS, sizes.products - first)
            block = product_block(first, count, sizes)
            block.write_csv(stream, include_header=first == 0)


def _write_lines(path: Path, sizes: Sizes) -> Expected:
    expected = Expected()
    cents: Counter[str] = Counter()
    unknown: set[str] = set()
    with path.open("wb") as stream:
        for first in range(0, sizes.lines, BLOCK_ROWS):
            count = min(BLOCK_ROWS, sizes.lines - first)
            block = order_block(first, count, sizes)
            block.drop("cents").write_csv(stream, include_header=first == 0)
            sold = block.group_by("currency").agg(pl.col("cents").sum())
            cents.update(dict(sold.iter_rows()))
            news = _unknown_products(block)
            expected.unknown_lines += len(news)
            unknown.update(news)
    expected.unknown_products = len(unknown)
    expected.cents = dict(sorted(cents.items()))
    return expected


def _unknown_products(block: pl.DataFrame) -> list[str]:
    ids = block["product_id"]
    return ids.filter(ids.str.starts_with(UNKNOWN_PREFIX)).to_list()
