"""Reference data that may reject: currencies, countries, barcodes."""

from __future__ import annotations

from functools import cache

import polars as pl
from babel import Locale
from babel.numbers import list_currencies


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes in use, from CLDR; test and no-currency codes are none."""
    return frozenset(list_currencies()) - {"XXX", "XTS"}


@cache
def countries() -> dict[str, str]:
    """ISO 3166 codes by code and by French and English name, lower case, from CLDR."""
    table: dict[str, str] = {}
    for language in ("en", "fr"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():  # noqa: PLR2004 — ISO 3166 alpha-2
                table.setdefault(name.lower(), code)
                table[code.lower()] = code
    table |= {"usa": "US", "uk": "GB", "eire": "IE", "états-unis d'amérique": "US"}
    return table


def bad_gtin(texts: pl.Series) -> pl.Series:
    """True where a text is no GTIN of 8, 12, 13 or 14 digits with its check digit (GS1 7.9)."""
    well_formed = texts.str.contains(r"^(\d{8}|\d{12,14})$").fill_null(value=False)
    frame = texts.to_frame("t").select(pl.col("t").str.zfill(14))
    digits = [pl.col("t").str.slice(i, 1).cast(pl.Int32, strict=False) for i in range(14)]
    total = pl.sum_horizontal(digits[i] * (3 if i % 2 == 0 else 1) for i in range(14))
    checked = frame.select((total % 10 == 0).alias("ok"))["ok"].fill_null(value=False)
    return texts.is_not_null() & (texts != "") & ~(well_formed & checked)
