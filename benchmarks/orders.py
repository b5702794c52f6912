"""The order lines: one to three lines an order over two weeks, popular products more often.

One line in a thousand names a product that no products file holds, as happens every day between
two exports; the warehouse infers such a product, the floor books it on "unknown".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from benchmarks.products import (
    as_money,
    chosen,
    currencies,
    price_cents,
    product_ids,
    seller_ids,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.products import Sizes

FIRST_MOMENT: Final = np.datetime64("2026-02-02T00:00:00", "s")
SECONDS: Final = 14 * 86_400
FIRST_ORDER: Final = 10_000_000
UNKNOWN_PREFIX: Final = "NEW"
_STREAM: Final = 2
_POPULARITY: Final = 1.6
_MOST_LINES: Final = 3
_MOST_UNITS: Final = 5
_LINES_A_CUSTOMER: Final = 5
_UNKNOWN_EVERY: Final = 1_000
_STATUSES: Final = ("paid", "paid", "shipped", "cancelled")


def order_block(first: int, count: int, sizes: Sizes) -> pl.DataFrame:
    """Lines `first` to `first + count - 1` of the file, in file order; a block begins an order.

    Beside the columns of the file stands `cents`, quantity times price in cents.
    """
    rng = np.random.default_rng([sizes.seed, _STREAM, first])
    order, line_no = _orders(rng, count)
    moment = _moments(rng, order, first / sizes.lines, (first + count) / sizes.lines)
    product = _popular(rng, count, sizes.products)
    units = rng.integers(1, _MOST_UNITS + 1, count)
    customers = rng.integers(1, max(2, sizes.lines // _LINES_A_CUSTOMER), int(order[-1]) + 1)
    price = price_cents(product)
    unknown = pl.Series(np.arange(first, first + count) % _UNKNOWN_EVERY == _UNKNOWN_EVERY - 1)
    product_id = product_ids(product)
    new_id = UNKNOWN_PREFIX + product_id.str.slice(3)
    return pl.DataFrame(
        {
            "order_id": pl.Series(order + FIRST_ORDER + first),
            "line_no": pl.Series(line_no),
            "order_ts": pl.Series(moment).dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "customer_id": "C" + pl.Series(customers[order]).cast(pl.String).str.zfill(7),
            "seller_id": seller_ids(product, sizes),
            "product_id": new_id.zip_with(unknown, product_id),
            "qty": pl.Series(units),
            "unit_price": as_money(price),
            "currency": currencies(product),
            "status": chosen(_STATUSES, rng.integers(0, len(_STATUSES), count)),
            "cents": pl.Series(units * price),
        }
    )


def _orders(rng: np.random.Generator, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number of the order in the block and of the line in its order, for each line."""
    sizes = rng.integers(1, _MOST_LINES + 1, count)
    order = np.repeat(np.arange(count, dtype=np.int64), sizes)[:count]
    place = np.arange(count, dtype=np.int64)
    begins = np.concatenate([[True], order[1:] != order[:-1]])
    return order, place - np.maximum.accumulate(np.where(begins, place, 0)) + 1


def _moments(
    rng: np.random.Generator, order: NDArray[np.int64], begin: float, end: float
) -> NDArray[np.datetime64]:
    """Times of the lines in ascending order, between two shares of the two weeks."""
    orders = int(order[-1]) + 1
    seconds = np.sort(rng.integers(int(begin * SECONDS), max(1, int(end * SECONDS)), orders))
    moments: NDArray[np.datetime64] = FIRST_MOMENT + seconds[order].astype("timedelta64[s]")
    return moments.astype("datetime64[ms]")


def _popular(rng: np.random.Generator, count: int, products: int) -> NDArray[np.int64]:
    chance = np.minimum(rng.random(count) ** _POPULARITY, 0.999_999)
    return (chance * products).astype(np.int64)
