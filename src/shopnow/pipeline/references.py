"""What a delivery teaches in passing: sellers named for the first time, keys of other systems.

Protects trap T10 of the payloads: another system's surrogate key is kept as a reference that
leads to (seller_no, product_id), never used as a key of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

SQL = Sql(__package__)


def first_records(rows: pl.DataFrame, seller_ids: pl.Series) -> pl.DataFrame:
    """The first of `rows` that names each of `seller_ids`: line_no, record_no."""
    named = rows.filter(pl.col("seller_id").is_in(seller_ids.implode()))
    named = named.unique("seller_id", keep="first", maintain_order=True)
    return named.select("line_no", "record_no")


def times_named(rows: pl.DataFrame, otherwise: datetime) -> pl.Series:
    """When each record names its seller (UTC); `otherwise`: its delivery's time."""
    times = ("effective_at", "ordered_at", "said_at", "event_at")
    said = [name for name in times if name in rows.columns]
    return rows.select(pl.coalesce(*said, pl.lit(otherwise)).alias("at")).to_series()


def keep_product_references(conn: psycopg.Connection, system: str, items: pl.DataFrame) -> None:
    """Keep which product each `source_ref` of `items` stands for in `system`; the first word stays.

    `items`: seller_no, product_id, source_ref.  Works within the delivery's transaction.
    """
    said = items.select("source_ref", "seller_no", "product_id").drop_nulls()
    said = said.unique("source_ref", keep="first", maintain_order=True)
    if said.height:
        conn.execute(
            SQL["references_keep"],
            {
                "source": system,
                "refs": said["source_ref"].to_list(),
                "sellers": said["seller_no"].to_list(),
                "products": said["product_id"].to_list(),
            },
        )
