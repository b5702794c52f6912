"""Judged records become staging rows, one function a kind.

Each takes the judged rows (typed columns) with `delivery_key`, `file_no`, `line_no`, `record_no`
and, where the kind has them, `seller_no` and `customer_no` already resolved, and returns the
frame that is copied into `staging.<kind>_row`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from shopnow.staging.canonical import content_hash, present_bits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shopnow.sources import RecordContract, Source

# The content hash of whatever says that a key is no more: of one time and rank, it comes first.
DELETION_HASH = -(2**63) + 1
PLACE = ("delivery_key", "file_no", "line_no", "record_no")
STATEMENT = (
    "effective_at", "source_rank", "source_sequence", "content_hash", "present", "is_embedded",
)  # fmt: skip
# What an order may say of a product, a customer or a seller in passing (lowest authority; a
# seller's status, commission, country, legal identifier and category are never taken from it).
EMBEDDED_PRODUCT = ("title", "description", "source_category", "category_id")
EMBEDDED_CUSTOMER = ("country", "region", "city", "postal_area", "segment")
# The registry's numbers are in no hash: they depend on what came first, content does not.
ITEM_CONTENT = (
    "order_id", "order_line_no", "product_id", "quantity", "unit_price",
    "freight_amount", "commission_amount", "currency", "line_status", "ordered_at",
)  # fmt: skip
PAYMENT_CONTENT = ("order_id", "payment_no", "type", "amount", "currency", "instalments")


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the rows come from: the source and the delivery's own time (UTC)."""

    source: Source
    effective_at: datetime


def typed(rows: pl.DataFrame, name: str, dtype: pl.DataType | type[pl.DataType]) -> pl.Expr:
    """The column, or nulls where the layout does not carry it."""
    return pl.col(name) if name in rows.columns else pl.lit(None, dtype=dtype).alias(name)


def empty_as_null(rows: pl.DataFrame) -> pl.DataFrame:
    """Empty text is null from here on; that it was said is kept beside it."""
    texts = [n for n, t in rows.schema.items() if t == pl.String and not n.endswith("?")]
    return rows.with_columns(
        pl.when(pl.col(name).str.len_bytes() > 0).then(pl.col(name)).alias(name) for name in texts
    )


def statement_rows(rows: pl.DataFrame, contract: RecordContract, of: Frame) -> pl.DataFrame:
    """Rows of a dimension's or the offers' own feed: key, statement columns, attributes."""
    names = [attribute.name for attribute in contract.historised]
    timed = rows.with_columns(
        typed(rows, "effective_at", pl.Datetime("us", "UTC")).fill_null(of.effective_at),
        _sequence(rows, of.source),
        pl.lit(of.source.statement_rank, dtype=pl.Int16).alias("source_rank"),
        pl.lit(value=False).alias("is_embedded"),
        pl.lit(value=False).alias("is_deletion"),
        present_bits(rows, names),
    )
    stated = timed.with_columns(content_hash(timed, names))
    if "operation" in rows.columns:
        stated = _deleting(stated, pl.col("operation") == "delete")
    if "ends_at" in rows.columns:
        ended = stated.filter(pl.col("ends_at").is_not_null(), ~pl.col("is_deletion"))
        # The record is one; that its key ends is a second statement of it, not a second record.
        ends = ended.with_columns(effective_at=pl.col("ends_at"), is_embedded=pl.lit(value=True))
        stated = pl.concat([stated, _deleting(ends, pl.lit(value=True))])
    return stated


def _deleting(rows: pl.DataFrame, which: pl.Expr) -> pl.DataFrame:
    """The rows, those of `which` saying nothing but that their key is no more."""
    gone = which.fill_null(value=False)
    return rows.with_columns(
        pl.when(gone)
        .then(pl.lit(value=True))
        .otherwise(pl.col("is_deletion"))
        .alias("is_deletion"),
        pl.when(gone).then(pl.lit(0, dtype=pl.Int32)).otherwise(pl.col("present")).alias("present"),
        pl.when(gone)
        .then(pl.lit(DELETION_HASH, dtype=pl.Int64))
        .otherwise(pl.col("content_hash"))
        .alias("content_hash"),
    )


def embedded_rows(
    rows: pl.DataFrame, contract: RecordContract, names: Sequence[str], time: str, of: Frame
) -> pl.DataFrame:
    """Statements that orders make in passing about `contract`'s entity, at column `time`.

    One row a record that says something; the rank is the lowest, or the authority's where the
    source declares no other feed.
    """
    historised = [attribute.name for attribute in contract.historised]
    own = [name for name in names if name in rows.columns and name in historised]
    if not own:
        return rows.head(0).with_columns(
            pl.lit(0, dtype=pl.Int32).alias("present"), *_nothing_said()
        )
    said = rows.with_columns(pl.col(name).is_not_null().alias(f"{name}?") for name in own)
    said = said.filter(pl.any_horizontal(f"{name}?" for name in own))
    timed = said.with_columns(
        pl.col(time).alias("effective_at"),
        _sequence(said, of.source),
        pl.lit(of.source.embedded_rank, dtype=pl.Int16).alias("source_rank"),
        pl.lit(value=True).alias("is_embedded"),
        pl.lit(value=False).alias("is_deletion"),
        present_bits(said, historised),
    )
    return timed.with_columns(content_hash(timed.select(*own, *(f"{n}?" for n in own)), historised))


def order_rows(rows: pl.DataFrame, contract: RecordContract, of: Frame) -> pl.DataFrame:
    """Rows of `staging.order_row`: one statement about an order's header."""
    names = header_names(contract)
    rows = rows.with_columns(
        pl.lit(of.source.name).alias("source"), pl.lit(value=True).alias("source?")
    )
    spoken = rows.with_columns(
        pl.coalesce(
            typed(rows, "said_at", pl.Datetime("us", "UTC")),
            typed(rows, "purchased_at", pl.Datetime("us", "UTC")),
            pl.lit(of.effective_at),
        ).alias("said_at"),
        _sequence(rows, of.source),
        pl.lit(of.source.statement_rank, dtype=pl.Int16).alias("source_rank"),
        present_bits(rows, names),
    )
    hashed = [name for name in names if name != "customer_no"]
    return spoken.with_columns(content_hash(spoken, hashed))


def header_names(contract: RecordContract) -> list[str]:
    """Attributes of an order's header in the order of their bits in `present`."""
    return ["source", "customer_no", *(a.name for a in contract.historised)]


def item_rows(rows: pl.DataFrame, of: Frame) -> pl.DataFrame:
    """Rows of `staging.item_row`: one statement about an order line."""
    time = pl.Datetime("us", "UTC")
    spoken = rows.with_columns(
        pl.coalesce(
            typed(rows, "said_at", time), typed(rows, "ordered_at", time), pl.lit(of.effective_at)
        ).alias("said_at"),
        _sequence(rows, of.source),
        pl.lit(of.source.statement_rank, dtype=pl.Int16).alias("source_rank"),
    )
    return spoken.with_columns(content_hash(spoken, ITEM_CONTENT))


def payment_rows(rows: pl.DataFrame, of: Frame) -> pl.DataFrame:
    """Rows of `staging.payment_row`: one statement about a payment."""
    spoken = rows.with_columns(
        typed(rows, "said_at", pl.Datetime("us", "UTC")).fill_null(of.effective_at),
        _sequence(rows, of.source),
        pl.lit(of.source.statement_rank, dtype=pl.Int16).alias("source_rank"),
    )
    return spoken.with_columns(content_hash(spoken, PAYMENT_CONTENT))


def _sequence(rows: pl.DataFrame, source: Source) -> pl.Expr:
    """The sender's own number; the line where the file is a capture of one stream partition."""
    if "sequence" in rows.columns:
        return pl.col("sequence").alias("source_sequence")
    if source.sequence == "line":
        return pl.col("line_no").alias("source_sequence")
    return pl.lit(None, dtype=pl.Int64).alias("source_sequence")


def _nothing_said() -> list[pl.Expr]:
    return [
        pl.lit(None, dtype=pl.Datetime("us", "UTC")).alias("effective_at"),
        pl.lit(0, dtype=pl.Int16).alias("source_rank"),
        pl.lit(None, dtype=pl.Int64).alias("source_sequence"),
        pl.lit(value=True).alias("is_embedded"),
        pl.lit(value=False).alias("is_deletion"),
        pl.lit(0, dtype=pl.Int64).alias("content_hash"),
    ]
