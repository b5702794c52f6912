"""The former warehouse: its four tables, where a copy of each stands, what an import tells.

Protects the names and columns of spec/legacy.md: a table without one of them is no former table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.pipeline.receipt import Receipt

# Dimensions first: what the facts name is then known when they come.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "dim_customer": ("customer_id", "name", "email", "address", "city", "country"),
    "dim_product": ("product_id", "name", "category"),
    "fact_order": (
        "order_id", "product_id", "customer_id", "quantity", "unit_price", "status",
        "order_timestamp",
    ),
    "fact_clickstream": (
        "event_id", "session_id", "user_id", "url", "event_type", "event_timestamp",
    ),
}  # fmt: skip
# The layout that each table is read through, and the key of the dimensions.
LAYOUTS: Final = {
    "dim_customer": "customers",
    "dim_product": "products",
    "fact_order": "orders",
    "fact_clickstream": "clickstream",
}
KEYS: Final = {"dim_customer": "customer_id", "dim_product": "product_id"}
TIMES: Final = {"fact_order": "order_timestamp", "fact_clickstream": "event_timestamp"}
Unit = Literal["rows", "%"]


@dataclass(frozen=True, slots=True)
class LegacyTable:
    """A copy of one table as a file; `delimiter` is that of a text file."""

    name: str
    path: Path
    format: Literal["csv", "parquet"]
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure about the old data: how many rows (or which share) have what `label_fr` says."""

    name: str
    value: float
    unit: Unit
    of: str
    label_fr: str


@dataclass(frozen=True, slots=True)
class LegacyImport:
    """What the import was told: a receipt a table (none when it was only audited), the figures.

    `elsewhere`: orders of the copy that the warehouse has from another source.
    """

    receipts: tuple[tuple[str, Receipt], ...]
    figures: tuple[Figure, ...]
    elsewhere: int
