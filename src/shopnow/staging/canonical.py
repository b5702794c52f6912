"""Canonical rows: the content hash and the set of attributes present, for statements and facts.

Protects order-independence: two statements are the same when their canonical values are the
same, whatever file, format or layout brought them (P1 and P2 give one hash).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from polars_hash import concat_str

if TYPE_CHECKING:
    from collections.abc import Sequence

# A value, a null that was said and an attribute that was not said are three different things.
_SEPARATOR = "\x1f"
_NULL = "\x02"
_ABSENT = "\x01"


def present_bits(rows: pl.DataFrame, names: Sequence[str]) -> pl.Expr:
    """Bit i is set where attribute i of `names` was said (scd.md R4); Int32."""
    bits = [
        pl.when(pl.col(f"{name}?")).then(1 << place).otherwise(0)
        for place, name in enumerate(names)
        if f"{name}?" in rows.columns
    ]
    total = pl.sum_horizontal(bits) if bits else pl.lit(0)
    return total.cast(pl.Int32).alias("present")


def content_hash(rows: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """XXH3 (64 bits, signed) of the canonical values of `names`, in that order.

    Stable across versions of ours, of polars and of PostgreSQL: the bytes hashed are ours.
    """
    parts = [_canonical_text(rows, name) for name in names]
    text = concat_str(parts, separator=_SEPARATOR)
    digest = text.nchash.xxh3_64().reinterpret(signed=True)
    return rows.select(digest.alias("content_hash")).to_series()


def _canonical_text(rows: pl.DataFrame, name: str) -> pl.Expr:
    if name not in rows.columns:
        return pl.lit(_ABSENT)
    column = pl.col(name)
    dtype = rows.schema[name]
    if isinstance(dtype, pl.Datetime):
        column = column.dt.epoch("us").cast(pl.String)
    elif dtype != pl.String:
        column = column.cast(pl.String)
    text = column.fill_null(_NULL)
    if f"{name}?" in rows.columns:
        return pl.when(pl.col(f"{name}?")).then(text).otherwise(pl.lit(_ABSENT))
    return text
