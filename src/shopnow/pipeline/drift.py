"""Columns that a source is declared to have and a file no longer brings (scd.md S71).

Nothing is set to null by it, the last values stay; but they grow old, and somebody has to know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import Sql

if TYPE_CHECKING:
    import polars as pl
    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)
# A file with a header has a column or has it not; a JSON object may leave out what it likes.
_WITH_HEADER = ("csv", "xlsx", "parquet")


class Drift:
    """Watches which historised attributes one delivery brings at all."""

    def __init__(self, context: Context, delivery: Delivery, source: Source) -> None:
        """Nothing is seen yet."""
        self._contracts = context.contracts
        self._delivery = delivery
        self._looks = source.format in _WITH_HEADER
        self._records = 0
        self._wanted: set[str] = set()
        self._brought: set[str] = set()

    def see(self, frames: dict[str, pl.DataFrame]) -> None:
        """Take the records of one chunk, as mapped: a column that is not there is all null."""
        if not self._looks:
            return
        for kind, frame in frames.items():
            names = [a.name for a in self._contracts.kinds[kind].historised]
            here = [name for name in names if name in frame.columns]
            self._records += frame.height
            self._wanted.update(here)
            self._brought.update(n for n in here if frame[n].null_count() < frame.height)

    def finish(self, conn: psycopg.Connection) -> None:
        """Warn of each attribute that no record of the delivery brought."""
        missing = sorted(self._wanted - self._brought) if self._records else []
        if missing:
            conn.execute(
                SQL["drift_warn"],
                {
                    "delivery_key": self._delivery.delivery_key,
                    "sender_no": self._delivery.sender_no,
                    "names": missing,
                },
            )
