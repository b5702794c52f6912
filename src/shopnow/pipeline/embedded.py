"""What orders say in passing of products, sellers and customers: statements of the lowest rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.pipeline.columns import CUSTOMER_ROW, PRODUCT_ROW, SELLER_ROW, columns_of
from shopnow.privacy import postal_area
from shopnow.security import HOUSE
from shopnow.staging import EMBEDDED_CUSTOMER, EMBEDDED_PRODUCT, Frame, embedded_rows, typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.pipeline.context import Context

_UTC = pl.Datetime("us", "UTC")


class Embedded:
    """Rows of the members that orders and their items name, one a statement."""

    def __init__(self, context: Context, frame: Frame) -> None:
        """Take the contracts and pseudonyms of the context, and the delivery's frame."""
        self._context = context
        self._frame = frame

    def products(self, items: pl.DataFrame) -> pl.DataFrame:
        """Rows of `staging.product_row` from items with seller_no and product_id."""
        contract = self._context.contracts.kinds["product"]
        made = embedded_rows(timed(items), contract, EMBEDDED_PRODUCT, "ordered_at", self._frame)
        return columns_of(_once(made, ("seller_no", "product_id")), PRODUCT_ROW)

    def sellers(self, items: pl.DataFrame) -> pl.DataFrame:
        """Rows of `staging.seller_row` from items that give their seller's name."""
        contract = self._context.contracts.kinds["seller"]
        named = timed(items).filter(pl.col("seller_no") > HOUSE)
        made = embedded_rows(named, contract, ("seller_name",), "ordered_at", self._frame)
        return columns_of(_once(made, ("seller_no",)), SELLER_ROW)

    def customers(self, orders: pl.DataFrame) -> pl.DataFrame:
        """Rows of `staging.customer_row` from orders, or items, with customer_no and lookup."""
        renamed = {
            f"customer_{n}": n for n in ("country", "region", "city", "segment")
            if f"customer_{n}" in orders.columns
        }  # fmt: skip
        frame = orders.drop([n for n in renamed.values() if n in orders.columns]).rename(renamed)
        if "customer_postal_code" in frame.columns:
            frame = frame.with_columns(
                postal_area(pl.col("customer_postal_code")).alias("postal_area")
            )
        known = frame.filter(pl.col("customer_no") >= 0)
        contract = self._context.contracts.kinds["customer"]
        made = embedded_rows(known, contract, EMBEDDED_CUSTOMER, "said_at", self._frame)
        made = made.with_columns(
            self._context.pseudonyms.customer_ids(made["lookup"]).alias("customer_id")
        )
        return columns_of(_once(made, ("customer_no",)), CUSTOMER_ROW)


def timed(items: pl.DataFrame) -> pl.DataFrame:
    """The items with the time of their order; where none is said, that of the statement."""
    return items.with_columns(typed(items, "ordered_at", _UTC).fill_null(pl.col("said_at")))


def _once(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """One row a statement: a chunk repeats what its orders say of one thing at one time."""
    return rows.unique(
        subset=[*key, "effective_at", "source_sequence", "content_hash"],
        keep="first",
        maintain_order=True,
    )
