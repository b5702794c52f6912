"""What a full delivery cannot say: keys whose record was rejected, and absences it cannot prove.

Protects sellers from losing what they still sell: a key that stands in the file is not withdrawn,
whatever was wrong with its record, and a file that could not be read whole withdraws nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.people import People
from shopnow.quality import clean_text, one_case
from shopnow.security import HOUSE, Registry
from shopnow.staging import copy_rows

if TYPE_CHECKING:
    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.quality import Judged
    from shopnow.sources import Source
    from shopnow.staging import Delivery

SQL = Sql(__package__)
# What names the key of each kind of record whose absence can be a withdrawal.
_KEYS = {
    "seller": ("seller_id",),
    "product": ("seller_id", "product_id"),
    "offer": ("seller_id", "product_id"),
    "customer": ("customer_id",),
}
_SILENT = {
    "delivery_key": pl.Int64, "kind": pl.String, "seller_no": pl.Int32, "product_id": pl.String,
    "customer_no": pl.Int64,
}  # fmt: skip


class Absence:
    """Watches one full delivery through steps 1 to 3; a delta says nothing by absence."""

    def __init__(
        self, context: Context, conn: psycopg.Connection, delivery: Delivery, source: Source
    ) -> None:
        """Work within the delivery's transaction."""
        self._conn = conn
        self._delivery = delivery
        self._source = source
        self._people = People(context, conn, source, delivery.delivery_key)
        self._matters = delivery.mode == "full"
        self.is_proven = True

    def see(self, judged: dict[str, Judged], frames: dict[str, pl.DataFrame], unread: int) -> None:
        """Take the rejects of one chunk, and how many of its lines could not be read."""
        if not self._matters:
            return
        self.is_proven = self.is_proven and not unread
        for kind, one in judged.items():
            if kind in _KEYS and one.rejects.height:
                self._silence(kind, frames[kind], one.rejects)

    def see_conflicts(self, conflicts: pl.DataFrame) -> None:
        """Take records that contradict each other, while they stand in staging."""
        if not self._matters:
            return
        for (kind,), part in conflicts.group_by(["kind"]):
            self._conn.execute(
                SQL[f"silent_{kind}"],
                {
                    "delivery_key": self._delivery.delivery_key,
                    "records": part["record_no"].to_list(),
                },
            )

    def finish(self) -> None:
        """Write down whether what is absent is withdrawn; the sender is told where it is not."""
        if not self._matters:
            return
        key = self._delivery.delivery_key
        values = {
            "delivery_key": key,
            "is_proven": self.is_proven,
            "sender_no": self._delivery.sender_no,
        }
        self._conn.execute(SQL["absence_proven"], values)
        if not self.is_proven:
            self._conn.execute(SQL["absence_unproven_warn"], values)

    def _silence(self, kind: str, frame: pl.DataFrame, rejects: pl.DataFrame) -> None:
        bad = frame.join(
            rejects.select("record_no", "columns"), on="record_no", maintain_order="left"
        )
        names = [name for name in _KEYS[kind] if name in bad.columns]
        wanted = [name for name in names if name != "seller_id" or kind == "seller"]
        if len(wanted) < len([n for n in _KEYS[kind] if n != "seller_id" or kind == "seller"]):
            self.is_proven = False
            return
        cleaned = bad.with_columns(clean_text(bad[name]) for name in names)
        faulty = pl.any_horizontal(pl.col("columns").list.contains(name) for name in names)
        empty = pl.any_horizontal(
            pl.col(name).fill_null("").str.len_bytes() == 0 for name in wanted
        )
        unusable = cleaned.filter(faulty | empty)
        if unusable.height:
            self.is_proven = False
        rows = self._numbered(kind, cleaned.filter(~(faulty | empty)))
        copy_rows(self._conn, "staging", "silent_row", rows)

    def _numbered(self, kind: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Keys as the warehouse numbers them; one that it never gave withdraws nothing."""
        nothing = pl.lit(None)
        if kind == "customer":
            found = self._people.subjects(rows["customer_id"], make=False)
            keyed = rows.select(
                nothing.alias("seller_no"), nothing.alias("product_id"),
                found["subject_no"].alias("customer_no"),
            ).filter(pl.col("customer_no").is_not_null())  # fmt: skip
        else:
            product = pl.col("product_id") if kind != "seller" else nothing
            keyed = rows.select(
                self._sellers(rows).alias("seller_no"), product.alias("product_id"),
                nothing.alias("customer_no"),
            ).filter(pl.col("seller_no") >= HOUSE)  # fmt: skip
        head = (
            pl.lit(self._delivery.delivery_key).alias("delivery_key"),
            pl.lit(kind).alias("kind"),
        )
        return keyed.select(*head, "seller_no", "product_id", "customer_no").cast(
            pl.Schema(_SILENT)
        )

    def _sellers(self, rows: pl.DataFrame) -> pl.Series:
        if not self._source.is_platform:
            own = pl.Series([self._delivery.sender_no], dtype=pl.Int32)
            return own.new_from_index(0, rows.height)
        if "seller_id" not in rows.columns:
            return pl.Series([HOUSE], dtype=pl.Int32).new_from_index(0, rows.height)
        said = rows["seller_id"]
        if self._source.case_insensitive_seller:
            said = one_case(said)
        at = pl.Series([self._delivery.effective_at]).new_from_index(0, rows.height)
        return Registry(self._conn, self._source.system).numbers(said, at)
