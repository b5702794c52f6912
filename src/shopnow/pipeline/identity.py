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
# An odd factor spreads times over all 64 bits.
_ODD = np.uint64(0x9E3779B97F4A7C15)
_LAST_BITS = np.uint64((1 << 20) - 1)
# The whole canonical line, where the contract names no smaller identity.
_DEFAULT_IDENTITY = ("product_id", "seller_id", "quantity", "unit_price", "currency", "ordered_at")


class LineNumbers:
    """Numbers of the order lines of one delivery, taken chunk by chunk in the file's order.

    The sender's number, the position in the array, or one made from content: 62 bits of BLAKE2b
    over the identity columns and the ordinal among equal lines of the order in the delivery, so
    that a replay gives the same numbers and real repeats stay apart (DESIGN 3); of a source whose
    repeats are replays there is no ordinal, and equal lines are one.  An order may go
    on in the next chunk: 8 bytes are kept for each line that was numbered by its content.
    """

    def __init__(self, source: Source) -> None:
        """Number the lines of one delivery of `source`."""
        self._identity = source.line_identity or _DEFAULT_IDENTITY
        self._keeps_repeats = source.repeats == "keep"
        self._seen = np.empty(0, dtype=np.uint64)

    def of(self, rows: pl.DataFrame) -> pl.Expr | pl.Series:
        """Give `order_line_no` (Int64) of the next rows of the delivery."""
        if "order_line_no" in rows.columns:
            return pl.col("order_line_no")
        if (rows["item_no"] > 0).any():
            return pl.col("item_no").alias("order_line_no")
        names = ("order_id", *(name for name in self._identity if name in rows.columns))
        parts = [pl.col(name).cast(pl.String).fill_null("\x02") for name in names]
        if "customer_id" in self._identity and "lookup" in rows.columns:
            # Who it is stands in no frame any more; the keyed hash tells people apart as well.
            parts.append(pl.col("lookup").bin.encode("hex").fill_null("\x02"))
        texts = rows.select(pl.concat_str(parts, separator="\x1f").alias("text"))
        named = texts["text"] + "\x1f"
        named = named + (self._ordinals(texts) if self._keeps_repeats else "0")
        numbers = [
            int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") & _BITS_62
            for text in named.to_list()
        ]
        return pl.Series("order_line_no", numbers, dtype=pl.Int64)

    def _ordinals(self, texts: pl.DataFrame) -> pl.Series:
        """How many equal lines came before each one, in this chunk and in those before it."""
        hashes = texts["text"].hash().to_numpy()
        earlier = np.searchsorted(self._seen, hashes, "right")
        earlier -= np.searchsorted(self._seen, hashes, "left")
        self._seen = np.concatenate([self._seen, np.sort(hashes)])
        # A stable sort merges the two sorted runs instead of sorting all of it again.
        self._seen.sort(kind="stable")
        here = texts.select(pl.int_range(pl.len()).over("text").alias("place"))["place"]
        return (here + pl.Series(earlier)).cast(pl.String)


class KeyWatch:
    """Tells whether the keys of a delivery were all different, in 8 bytes a key.

    And, in 16 more, whether one key may have been said to be two things at one time.  A hash
    collision or a delivery beyond the watch's size only makes it say "maybe".
    """

    def __init__(self) -> None:
        """Watch nothing yet."""
        self._seen: list[np.ndarray] = []
        self._moments: list[np.ndarray] = []
        self._contents: list[np.ndarray] = []
        self._rows = 0

    def see(self, keys: pl.DataFrame, statements: pl.DataFrame | None = None) -> None:
        """Take the keys of one chunk; `statements`: their `effective_at` and `content_hash`."""
        self._rows += keys.height
        if self._rows > _WATCHED:
            return
        hashes = keys.hash_rows().to_numpy()
        self._seen.append(hashes)
        if statements is not None:
            times = statements["effective_at"].to_physical().to_numpy().view(np.uint64)
            self._moments.append(hashes ^ (times * _ODD))
            self._contents.append(statements["content_hash"].to_numpy())

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

    @property
    def may_conflict(self) -> bool:
        """True unless equal keys of one time said the same."""
        if self._rows > _WATCHED or len(self._moments) < len(self._seen):
            return True
        if not self._moments:
            return False
        moments, contents = np.concatenate(self._moments), np.concatenate(self._contents)
        maybe = repeated(moments)
        moments, contents = moments[maybe], contents[maybe]
        order = np.argsort(moments, kind="stable")
        moments, contents = moments[order], contents[order]
        same = moments[1:] == moments[:-1]
        return bool((contents[1:][same] != contents[:-1][same]).any())


def repeated(hashes: np.ndarray) -> np.ndarray:
    """Where one of `hashes` (64 bits) comes more than once, and at few places more.

    To sort them is much cheaper than to group them, or to sort them with where they came from.
    """
    ascending = np.sort(hashes)
    again = ascending[1:][ascending[1:] == ascending[:-1]]
    # By their last bits: one of as many as these tell apart is taken for another.
    marked = np.zeros(int(_LAST_BITS) + 1, dtype=np.bool_)
    marked[again & _LAST_BITS] = True
    where: np.ndarray = marked[hashes & _LAST_BITS]
    return where
