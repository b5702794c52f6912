"""Open rejects whose key the same sender speaks of again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.resending.keys import hashed_keys, record_keys
from shopnow.staging import copy_rows

if TYPE_CHECKING:
    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)
# Older rejects end with a full file or a correction only: looking for them would cost every load.
_LOOKED_BACK = timedelta(days=90)
_REJECT = {
    "of_delivery": pl.Int64, "file_no": pl.Int16, "line_no": pl.Int64, "record_no": pl.Int32,
    "record_key": pl.Binary,
}  # fmt: skip


@dataclass
class SaidAgain:
    """Watches the records of one delivery for keys of rejects that wait."""

    context: Context
    source: Source
    waiting: pl.DataFrame
    _keys: list[pl.Series] = field(default_factory=list)

    def see(self, frames: dict[str, pl.DataFrame]) -> None:
        """Take the records of one chunk, whatever becomes of them."""
        if self.waiting.is_empty():
            return
        for kind, frame in frames.items():
            texts = record_keys(kind, frame, self.source).drop_nulls().unique()
            if len(texts):
                self._keys.append(hashed_keys(self.context.keystore, texts))

    def finish(self, conn: psycopg.Connection, delivery_key: int) -> None:
        """Write down which rejects the delivery speaks of; they end when it is published."""
        if not self._keys:
            return
        keys = pl.concat(self._keys).alias("record_key").to_frame().unique()
        hit = self.waiting.join(keys, on="record_key", how="semi")
        key = pl.lit(delivery_key, dtype=pl.Int64).alias("delivery_key")
        rows = hit.select(key, "of_delivery", "file_no", "line_no", "record_no")
        copy_rows(conn, "staging", "reject_said", rows)


def said_again(
    context: Context, conn: psycopg.Connection, delivery: Delivery, source: Source
) -> SaidAgain:
    """The watch of one delivery; it does nothing where no reject of its sender waits."""
    values = {
        "sender_no": delivery.sender_no, "feed": delivery.feed,
        "delivery_key": delivery.delivery_key,
        "since": context.clock.now() - _LOOKED_BACK,
    }  # fmt: skip
    rows = [] if delivery.replay_of else conn.execute(SQL["rejects_waiting"], values).fetchall()
    return SaidAgain(context, source, pl.DataFrame(rows, schema=_REJECT, orient="row"))
