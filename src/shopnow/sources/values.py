"""Values that stand in a cell in another shape: amounts in hundredths, JSON inside a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.sources.readers import json_text_at

if TYPE_CHECKING:
    from collections.abc import Sequence

_WHOLE = r"^\s*[+-]?[0-9]+\s*$"


def from_cents(value: pl.Expr) -> pl.Expr:
    """Amounts from whole numbers of hundredths, as text, without a binary float on the way.

    What is no whole number is no amount in cents: it is marked, so that no judge takes it for one
    in the unit.

    >>> pl.DataFrame({"v": ["8144", "-5", "81.44", "", None]}).select(
    ...     from_cents(pl.col("v"))).to_series().to_list()
    ['81.44', '-0.05', '81.44 centimes', '', None]
    """
    bare = value.str.strip_chars()
    sign = pl.when(bare.str.starts_with("-")).then(pl.lit("-")).otherwise(pl.lit(""))
    digits = bare.str.strip_chars_start("+-").str.zfill(3)
    amount = sign + digits.str.head(-2) + pl.lit(".") + digits.str.tail(2)
    return (
        pl.when(value.str.contains(_WHOLE))
        .then(amount)
        .when(bare.str.len_bytes() > 0)
        .then(bare + pl.lit(" centimes"))
        .otherwise(value)
    )


def within_json(value: pl.Expr, keys: Sequence[str]) -> pl.Expr:
    """What stands at `keys` in the JSON text of each cell; a whole number is a place from 0.

    Null where the JSON has no such place; a cell that is no JSON stays as it is, for the judge to
    name. Number texts are kept exactly.

    >>> pl.DataFrame({"v": ['[{"net": 60.50}]', "[]", "oops", "", None]}).select(
    ...     within_json(pl.col("v"), ("0", "net"))).to_series().to_list()
    ['60.50', None, 'oops', '', None]
    """

    def texts(cells: pl.Series) -> pl.Series:
        found = [json_text_at(cell, keys) if cell else cell for cell in cells]
        return pl.Series(cells.name, found, dtype=pl.String)

    return value.map_batches(texts, return_dtype=pl.String)
