"""Numbers are judged as text and never pass through binary floating point (scd.md S50 to S52)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from shopnow.quality.texts import filled

_DECIMAL = r"^[+-]?(\d+(\.\d*)?|\.\d+)$"
# A comma before exactly three digits may group thousands: that one is not guessed.
_DECIMAL_COMMA = r"^[+-]?\d+,(\d{1,2}|\d{4,})$"
_WHOLE = r"^[+-]?\d{1,18}(\.0*)?$"


@dataclass(frozen=True, slots=True)
class Parsed:
    """Values in canonical form (null where absent, empty or bad), and where what went wrong."""

    values: pl.Series
    bad: pl.Series
    cleaned: pl.Series


def to_decimal(texts: pl.Series, decimal: str) -> Parsed:
    """Canonical decimal texts: no sign plus, no spare zeros, point as decimal mark.

    >>> to_decimal(pl.Series(["19.90", "12,5", "gratuit", ""]), ".").values.to_list()
    ['19.9', '12.5', None, None]
    """
    has = filled(texts)
    if decimal == ",":
        point = texts.str.replace_all(r"[ \u00a0\u202f]", "").str.replace(",", ".", literal=True)
        cleaned = pl.Series([False]).new_from_index(0, len(texts))
    else:
        cleaned = pl.Series([False]).new_from_index(0, len(texts))
        point = texts
        if texts.str.contains(",", literal=True).any():
            cleaned = texts.str.contains(_DECIMAL_COMMA).fill_null(value=False)
            point = texts.str.replace(",", ".", literal=True).zip_with(cleaned, texts)
    good = point.str.contains(_DECIMAL).fill_null(value=False)
    return Parsed(_canonical(point).set(~good, None), has & ~good, cleaned & good)


def _canonical(texts: pl.Series) -> pl.Series:
    texts = texts.str.strip_prefix("+")
    if texts.str.contains(r"^-?0\d|^-?\.").any():
        texts = texts.str.replace(r"^(-?)0+(\d)", "$1$2").str.replace(r"^(-?)\.", "${1}0.")
    has_point = texts.str.contains(".", literal=True).fill_null(value=False)
    texts = texts.str.strip_chars_end("0").str.strip_suffix(".").zip_with(has_point, texts)
    return texts.set(texts == "-0", "0")


def to_integer(texts: pl.Series) -> Parsed:
    """Int64 values; `3.0` is three, `1.5` is bad."""
    has = filled(texts)
    good = texts.str.contains(_WHOLE).fill_null(value=False)
    whole = texts.str.replace(r"\.0*$", "").str.strip_prefix("+")
    values = whole.cast(pl.Int64, strict=False).set(~good, None)
    return Parsed(values, has & ~good, pl.Series([False]).new_from_index(0, len(texts)))


def to_boolean(texts: pl.Series) -> Parsed:
    """Booleans from the words of English, French and machines."""
    has = filled(texts)
    low = texts.str.to_lowercase()
    yes = low.is_in(["true", "1", "yes", "y", "oui", "o", "vrai"]).fill_null(value=False)
    no = low.is_in(["false", "0", "no", "n", "non", "faux"]).fill_null(value=False)
    values = yes.set(~yes & ~no, None)
    return Parsed(values, has & ~yes & ~no, pl.Series([False]).new_from_index(0, len(texts)))


def outside(texts: pl.Series, minimum: float | None, maximum: float | None) -> pl.Series:
    """True where a canonical number lies outside [minimum, maximum]; absent is inside."""
    value = texts.cast(pl.Float64, strict=False)
    below = (
        (value < minimum)
        if minimum is not None
        else pl.Series([False] * 1).new_from_index(0, len(texts))
    )
    above = (
        (value > maximum)
        if maximum is not None
        else pl.Series([False] * 1).new_from_index(0, len(texts))
    )
    return (below | above).fill_null(value=False)
