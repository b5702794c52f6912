"""The declared total of an order against its lines: a check, never a source (trap T7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopnow.quality.model import Judged
    from shopnow.sources import Source

_TOLERANCE = 0.01
_CODE = "total_mismatch"


def check_totals(judged: Mapping[str, Judged], source: Source) -> dict[str, Judged]:
    """`judged` with a warning on each order whose lines do not add up to its declared total.

    Only nested orders carry their lines with them, and only a complete order can be added up.
    """
    checked = dict(judged)
    nested = any(record.kind == "item" and record.each for record in source.records)
    order, item = checked.get("order"), checked.get("item")
    if not nested or order is None or item is None or "declared_total" not in order.rows.columns:
        return checked
    off = _mismatches(order.rows, item.rows, item.rejects["line_no"])
    if off.height:
        warnings = pl.concat([order.warnings, off.select(order.warnings.columns)])
        failed = order.failed | {_CODE: off.height}
        checked["order"] = replace(order, warnings=warnings, failed=failed)
    return checked


def _mismatches(orders: pl.DataFrame, items: pl.DataFrame, rejected: pl.Series) -> pl.DataFrame:
    amount = pl.col("quantity") * pl.col("unit_price").cast(pl.Float64)
    sums = items.group_by("line_no").agg(amount.sum().alias("sum"))
    # Cents are compared, so binary fractions do no harm once rounded to a millionth.
    gap = (pl.col("declared_total").cast(pl.Float64) - pl.col("sum")).abs().round(6)
    return (
        orders.select("line_no", "record_no", "declared_total")
        .filter(~pl.col("line_no").is_in(rejected.implode()))
        .join(sums, on="line_no", how="inner")
        .filter(gap > _TOLERANCE)
        .with_columns(rule_code=pl.lit(_CODE), column_name=pl.lit("declared_total"))
        .sort("record_no")
    )
