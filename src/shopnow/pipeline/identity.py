"""Identity of records that carry no number of their own, and the watch over repeated keys."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from shopnow.sources import Source

_BITS_62 = (1 << 62) - 1
_WATCHED = 20_000_000
# The whole canonical line, where the contract names no smaller identity.
_DEFAULT_IDENTITY = ("product_id", "seller_no", "quantity", "unit_price", "currency", "ordered_at")


def line_numbers(rows: pl.DataFrame, source: Source) -> pl.Expr | pl.Series:
    """`order_line_no` Int64: the sender's, the position in the array, or one made from content.

    Made numbers are 62 bits of BLAKE2b over the identity columns and the ordinal among equal
    lines of the order: a replay gives the same numbers, real repeats stay apart (DESIGN 3).
    """
    if "order_line_no" in rows.columns:
        return pl.col("order_line_no")
    if (rows["item_no"] > 0).any():
        return pl.col("item_no").alias("order_line_no")
    names = [n for n in (source.line_identity or _DEFAULT_IDENTITY) if n in rows.columns]
    texts = rows.select(
        pl.concat_str(
            [pl.col(n).cast(pl.String).fill_null("\x02") for n in ("order_id", *names)],
            separator="\x1f",
        ).alias("t")
    )
    ordinal = texts.select(pl.int_range(pl.len()).over("t").cast(pl.String).alias("n"))["n"]
    full = (texts["t"] + "\x1f" + ordinal).to_list()
    numbers = [
        int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") & _BITS_62
        for text in full
    ]
    return pl.Series("order_line_no", numbers, dtype=pl.Int64)


class KeyWatch:
    """Tells whether the keys of a delivery were all different, in 8 bytes a key.

    A hash collision or a delivery beyond the watch's size only makes it say "maybe not".
    """

    def __init__(self) -> None:
        """Watch nothing yet."""
        self._seen: list[np.ndarray] = []
        self._rows = 0

    def see(self, keys: pl.DataFrame) -> None:
        """Take the keys of one chunk."""
        self._rows += keys.height
        if self._rows <= _WATCHED:
            self._seen.append(keys.hash_rows().to_numpy())

    @property
    def all_distinct(self) -> bool:
        """True when no key came twice."""
        if self._rows > _WATCHED:
            return False
        if not self._seen:
            return True
        # Sorting is what numpy does fastest here: 6 ms a million keys, against 750 for `unique`.
        keys = np.sort(np.concatenate(self._seen))
        return bool((keys[1:] != keys[:-1]).all())
