"""The columns of each staging table, in the types in which they are copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.staging import typed

if TYPE_CHECKING:
    from collections.abc import Sequence

Columns = dict[str, pl.DataType | type[pl.DataType]]
UTC = pl.Datetime("us", "UTC")


def columns_of(rows: pl.DataFrame, names: Columns) -> pl.DataFrame:
    """The rows with exactly these columns; what the layout does not carry is null."""
    return rows.select(typed(rows, name, dtype).cast(dtype) for name, dtype in names.items())


_PLACE: Columns = {
    "delivery_key": pl.Int64, "file_no": pl.Int16, "line_no": pl.Int64, "record_no": pl.Int64,
}  # fmt: skip
_STATEMENT: Columns = {
    "effective_at": UTC, "source_rank": pl.Int16, "source_sequence": pl.Int64,
    "content_hash": pl.Int64, "present": pl.Int32,
}  # fmt: skip
_SAID = {("said_at" if k == "effective_at" else k): v for k, v in _STATEMENT.items()}
_EMBEDDED: Columns = {"is_embedded": pl.Boolean, "is_deletion": pl.Boolean}
SELLER_ROW = _PLACE | {"seller_no": pl.Int32} | _STATEMENT | _EMBEDDED | dict.fromkeys(
    ("seller_id", "seller_name", "legal_id", "country", "region", "city", "status",
     "commission_pct", "category"), pl.String)  # fmt: skip
PRODUCT_ROW = _PLACE | {"seller_no": pl.Int32, "product_id": pl.String} | _STATEMENT | _EMBEDDED | (
    dict.fromkeys(("title", "description", "brand", "gtin", "source_category", "category_id",
                   "status"), pl.String))  # fmt: skip
OFFER_ROW = _PLACE | {
    "seller_no": pl.Int32, "product_id": pl.String, "source": pl.String, "source_ref": pl.String,
} | _STATEMENT | {
    "unit_price": pl.String, "currency": pl.String, "stock_quantity": pl.Int64,
    "is_available": pl.Boolean, "is_deletion": pl.Boolean,
}  # fmt: skip
CUSTOMER_ROW = (
    _PLACE
    | {"customer_no": pl.Int64, "customer_id": pl.String}
    | _STATEMENT
    | _EMBEDDED
    | dict.fromkeys(("country", "region", "city", "postal_area", "segment"), pl.String)
)
ORDER_ROW = _PLACE | {"order_id": pl.String} | _SAID | {
    "source": pl.String, "customer_no": pl.Int64, "status": pl.String, "purchased_at": UTC,
    "approved_at": UTC, "shipped_at": UTC, "delivered_at": UTC, "promised_at": UTC,
    "cancelled_at": UTC, "declared_total": pl.String, "currency": pl.String,
    "buyer_region": pl.String,
}  # fmt: skip
ITEM_ROW = _PLACE | {
    "seller_no": pl.Int32, "order_id": pl.String, "order_line_no": pl.Int64, "said_at": UTC,
    "source_rank": pl.Int16, "source_sequence": pl.Int64, "content_hash": pl.Int64,
    "product_id": pl.String, "customer_no": pl.Int64, "ordered_at": UTC, "quantity": pl.Int64,
    "unit_price": pl.String, "freight_amount": pl.String, "commission_amount": pl.String,
    "currency": pl.String, "line_status": pl.String, "promised_at": UTC, "delivered_at": UTC,
    "order_ref": pl.String, "buyer_ref": pl.String, "buyer_region": pl.String,
}  # fmt: skip
PAYMENT_ROW = _PLACE | {
    "order_id": pl.String, "payment_no": pl.Int64, "said_at": UTC, "source_rank": pl.Int16,
    "source_sequence": pl.Int64, "content_hash": pl.Int64, "type": pl.String,
    "amount": pl.String, "currency": pl.String, "instalments": pl.Int64,
}  # fmt: skip
CLICK_ROW = _PLACE | {
    "seller_no": pl.Int32, "event_key": pl.String, "event_at": UTC, "event_ref": pl.String,
    "session_ref": pl.String, "user_ref": pl.String, "customer_no": pl.Int64,
    "event_type": pl.String, "route": pl.String, "product_id": pl.String,
    "device_class": pl.String, "country": pl.String, "content_hash": pl.Int64,
}  # fmt: skip

# The loads read staging as it lies and join it with hashes, which keeps the order: what is sorted
# here, in parallel and in memory, fills the indexes of the warehouse from left to right.
_KEY_ORDER = {
    "product_row": ("seller_no", "product_id"),
    "offer_row": ("seller_no", "product_id"),
    "customer_row": ("customer_no",),
    "order_row": ("order_id",),
    "item_row": ("seller_no", "order_id", "order_line_no"),
    "payment_row": ("order_id", "payment_no"),
    "click_row": ("seller_no", "event_key"),
}


def in_key_order(table: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of a staging table in the order of the key they will have in the warehouse."""
    key = _KEY_ORDER.get(table)
    return rows if key is None or _is_ordered(rows, key) else rows.sort(key)


def _is_ordered(rows: pl.DataFrame, key: Sequence[str]) -> bool:
    """Say whether the rows stand in the order of the key already, as most senders write them.

    To see that takes a fifth of a sort.  Where a key is null nothing is said: they are sorted.
    """
    follows = pl.lit(value=True)
    for name in reversed(key):
        own, before = pl.col(name), pl.col(name).shift(1)
        follows = (own > before) | ((own == before) & follows)
    return rows.select(follows.slice(1).all(ignore_nulls=False)).item() is True
