"""Records that would contradict another one of their own file if they were loaded alone.

In one delivery two different contents of one key are both refused; a replay must not let the second
one in behind the first, only because another rule had refused it (order-independence, ADR 0015).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from shopnow.quality import clean_text

if TYPE_CHECKING:
    from shopnow.sources import Source

# What a delivery states once at one time; a number of the sender's own settles the order.
_KEYS = {
    "seller": ("seller_id", "effective_at"),
    "product": ("seller_id", "product_id", "effective_at"),
    "offer": ("seller_id", "product_id", "source_ref", "effective_at"),
    "customer": ("customer_id", "effective_at"),
}
# Flat order lines are numbered by their content, and by how often it came before.
_LINE = ("order_id", "product_id", "seller_id", "quantity", "unit_price", "currency", "ordered_at")
_PLACE = ("line_no", "item_no", "record_no")


@dataclass
class Repeats:
    """Watches every record of a file, 24 bytes each; `wanted`: those that would be replayed."""

    source: Source
    wanted: pl.DataFrame
    _parts: list[pl.DataFrame] = field(default_factory=list)

    def see(self, frames: dict[str, pl.DataFrame]) -> None:
        """Take the mapped records of one chunk."""
        for kind, frame in frames.items():
            names = [name for name in self._names(kind) if name in frame.columns]
            if not names or "sequence" in frame.columns or self.source.sequence is not None:
                continue
            cells = [clean_text(frame[name]).fill_null("") for name in names]
            keys = pl.DataFrame([pl.Series("kind", [kind]).new_from_index(0, frame.height), *cells])
            self._parts.append(pl.DataFrame([
                frame["record_no"], keys.hash_rows(seed=2).alias("key"),
                frame.drop(*_PLACE, strict=False).hash_rows(seed=4).alias("words"),
            ]))  # fmt: skip

    def contradicting(self) -> pl.DataFrame:
        """Wanted records whose key stands in the file with other words too: record_no."""
        if not self._parts:
            return self.wanted.select("record_no").head(0)
        every = pl.concat(self._parts)
        twice = every.filter(every["key"].is_duplicated())
        # A repeated order line is a second sale: alone it would take the number of the first one.
        told_apart = pl.col("words").n_unique().over("key") > 1
        return (
            twice.filter(told_apart)
            .join(self.wanted, on="record_no", how="semi")
            .select("record_no")
        )

    def _names(self, kind: str) -> tuple[str, ...]:
        if kind == "item":
            record = next(one for one in self.source.records if one.kind == "item")
            if record.each or "line_no" in record.fields:
                return ()
            return ("order_id", *self.source.line_identity) if self.source.line_identity else _LINE
        return _KEYS.get(kind, ())
