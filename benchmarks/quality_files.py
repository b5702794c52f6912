"""The dirty products of W4: 0.5 % of each of six faults, each on rows of its own."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from benchmarks.generate import BLOCK_ROWS
from benchmarks.products import Sizes, product_block

if TYPE_CHECKING:
    from pathlib import Path

# One row of so many has each fault.
_EVERY: Final = 200
_CLASSES: Final = 6_000
_VERSION: Final = 1
# Which rows of each 200 have which fault; the next one is repeated later in the file.
TITLE, GTIN, CATEGORY, NEGATIVE, NUMBER, REPEATED = range(6)


@dataclass(frozen=True)
class Dirty:
    """The file, its categories, and how many rows have each fault."""

    products: int
    each: int
    file: Path
    categories: Path

    @property
    def rows(self) -> int:
        """Rows of the file."""
        return self.products + self.each


def dirty_products(folder: Path, sizes: Sizes) -> Dirty:
    """Make the dirty file of `sizes.products` products under `folder`, unless it stands there."""
    place = folder / f"dirty-{sizes.products}-{sizes.sellers}-{sizes.seed}"
    dirty = Dirty(
        sizes.products, sizes.products // _EVERY, place / "products.csv", place / "categories.csv"
    )
    manifest = place / "manifest.json"
    wanted = json.dumps({"version": _VERSION, **asdict(sizes)})
    if manifest.is_file() and manifest.read_text(encoding="utf-8") == wanted:
        return dirty
    place.mkdir(parents=True, exist_ok=True)
    with dirty.file.open("wb") as stream:
        for first in range(0, sizes.products, BLOCK_ROWS):
            count = min(BLOCK_ROWS, sizes.products - first)
            block = _spoilt(product_block(first, count, sizes), first)
            block.write_csv(stream, include_header=first == 0)
    paths = [f"Rayon > Groupe > Classe {number:04d}" for number in range(_CLASSES)]
    dirty.categories.write_text("category\n" + "\n".join(paths) + "\n", encoding="utf-8")
    manifest.write_text(wanted, encoding="utf-8")
    return dirty


def _spoilt(block: pl.DataFrame, first: int) -> pl.DataFrame:
    """The block with its faults; repeated rows stand at its end, byte for byte."""
    place = pl.int_range(first, first + block.height) % _EVERY
    digit = pl.col("gtin").str.tail(1).cast(pl.Int8)
    spoilt = block.with_columns(
        title=pl.when(place == TITLE).then(None).otherwise("title"),
        gtin=pl.when(place == GTIN)
        .then(pl.col("gtin").str.head(12) + ((digit + 1) % 10).cast(pl.String))
        .otherwise("gtin"),
        category=pl.when(place == CATEGORY)
        .then(pl.lit("Rayon > Inconnu > ") + pl.col("product_id"))
        .otherwise("category"),
        price=pl.when(place == NEGATIVE)
        .then(pl.lit("-") + pl.col("price"))
        .when(place == NUMBER)
        .then(pl.lit("12,50 EUR"))
        .otherwise("price"),
    )
    return pl.concat([spoilt, spoilt.filter(place == REPEATED)])
