"""The second day: a full delivery of all products, and deliveries of a part of them.

Of the full one 2 % changed their status (type 2), 10 % only a text (type 1), 0.5 % are new and
0.5 % are gone; of a part a tenth changed each way.  A record that changed carries the new time, the
others the time of the first day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from benchmarks.days import DAY_ONE
from benchmarks.products import product_block

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.products import Sizes

_DAY_STREAM: Final = 3
_PART_STREAM: Final = 4
_PER_MILLE: Final = 1_000
_TYPE_2: Final = 20
_TYPE_1: Final = 100
_GONE: Final = 5
_PART_CHANGED: Final = 100
_BOTH_EVERY: Final = 3


@dataclass
class Counted:
    """What the second day changes, in products."""

    type_2: int = 0
    type_1: int = 0
    new: int = 0
    gone: int = 0


def day_one_block(block: pl.DataFrame, first: int, sizes: Sizes, counted: Counted) -> pl.DataFrame:
    """The second day's rows of the sellers of one block, in any order within a seller.

    `block`: the first day's rows numbered from `first`; `counted` is added to.
    """
    rng = np.random.default_rng([sizes.seed, _DAY_STREAM, first])
    rows = block.height
    places = rng.permutation(rows)
    type_2, type_1, gone = (rows * share // _PER_MILLE for share in (_TYPE_2, _TYPE_1, _GONE))
    ends = np.cumsum([type_2, type_1, gone])
    after = _changed(block, places[: ends[0]], places[ends[0] : ends[1]])
    stays = np.ones(rows, dtype=bool)
    stays[places[ends[1] : ends[2]]] = False
    kept = after.filter(pl.Series(stays))
    news = _new_rows(rng, block, sizes.products + first * _GONE // _PER_MILLE, gone, sizes)
    counted.type_2 += type_2
    counted.type_1 += type_1
    counted.new += gone
    counted.gone += gone
    return _shuffled(rng, pl.concat([kept, news]))


def part_of_products(
    block: pl.DataFrame, number: int, rows: int, sizes: Sizes, counted: Counted
) -> pl.DataFrame:
    """Rows `number * rows` and on of the first block, as they are said on the second day."""
    rng = np.random.default_rng([sizes.seed, _PART_STREAM, number])
    part = block.slice(number * rows, rows)
    places, each = rng.permutation(rows), rows * _PART_CHANGED // _PER_MILLE
    counted.type_2 += each
    counted.type_1 += each
    return _shuffled(rng, _changed(part, places[:each], places[each : 2 * each]))


def _changed(
    rows: pl.DataFrame, type_2: NDArray[np.int64], type_1: NDArray[np.int64]
) -> pl.DataFrame:
    """A third of the rows that change their status change a text too."""
    texts = np.concatenate([type_1, type_2[::_BOTH_EVERY]])
    status, other = pl.col("status"), pl.lit("inactive")
    return rows.with_columns(
        status=pl.when(_at(rows, type_2))
        .then(pl.when(status == "active").then(other).otherwise(pl.lit("active")))
        .otherwise(status),
        title=pl.when(_at(rows, texts[::2])).then(pl.col("title") + " II").otherwise("title"),
        description=pl.when(_at(rows, texts[1::2]))
        .then("Nouveau : " + pl.col("description"))
        .otherwise("description"),
        updated_at=pl.when(_at(rows, np.concatenate([type_1, type_2])))
        .then(pl.lit(DAY_ONE))
        .otherwise("updated_at"),
    )


def _at(rows: pl.DataFrame, places: NDArray[np.int64]) -> pl.Series:
    mask = np.zeros(rows.height, dtype=bool)
    mask[places] = True
    return pl.Series(mask)


def _new_rows(
    rng: np.random.Generator, block: pl.DataFrame, first: int, count: int, sizes: Sizes
) -> pl.DataFrame:
    """Products that nobody had heard of, of the sellers of the block."""
    sellers = block["seller_id"].gather(pl.Series(rng.integers(0, block.height, count)))
    made = product_block(first, count, sizes)
    return made.with_columns(seller_id=sellers, updated_at=pl.lit(DAY_ONE))


def _shuffled(rng: np.random.Generator, rows: pl.DataFrame) -> pl.DataFrame:
    order = pl.Series("order", rng.random(rows.height))
    return rows.with_columns(order).sort("seller_id", "order").drop("order")
