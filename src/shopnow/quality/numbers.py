"""Numbers are judged as text and never pass through binary floating point (scd.md S50 to S52)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext

import polars as pl

from shopnow.quality.texts import filled

# [0-9], not `\d`: to a regular expression digits of every script are digits.
_DECIMAL = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$"
# As `_canonical` writes them, the signed ones apart.
_CANONICAL = r"^(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$"
# The mark that is not the dialect's, before exactly three digits, may group thousands: that one is
# not guessed.
_GROUPED = r"^[+-]?[0-9]+\.[0-9]{3}$"
_DECIMAL_COMMA = r"^[+-]?[0-9]+,([0-9]{1,2}|[0-9]{4,})$"
_WHOLE = r"^[+-]?[0-9]{1,18}(\.0*)?$"


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
    if decimal == ",":
        return _parsed(texts, decimal)
    # Nearly all amounts are canonical as they stand; the others are read alone.
    where = (~texts.str.contains(_CANONICAL)).fill_null(value=False).arg_true()
    nowhere = pl.Series([False]).new_from_index(0, len(texts))
    if not len(where):
        return Parsed(texts, nowhere, nowhere)
    few = _parsed(texts.gather(where), decimal)
    return Parsed(
        texts.clone().scatter(where, few.values),
        nowhere.clone().scatter(where, few.bad) if few.bad.any() else nowhere,
        nowhere.clone().scatter(where, few.cleaned) if few.cleaned.any() else nowhere,
    )


def _parsed(texts: pl.Series, decimal: str) -> Parsed:
    has = filled(texts)
    if decimal == ",":
        point = texts.str.replace_all(r"[ \u00a0\u202f]", "").str.replace(",", ".", literal=True)
        cleaned = pl.Series([False]).new_from_index(0, len(texts))
        point = point.set(texts.str.contains(_GROUPED).fill_null(value=False), "?")
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
    if texts.str.contains(r"^-?0[0-9]|^-?\.").any():
        texts = texts.str.replace(r"^(-?)0+([0-9])", "$1$2").str.replace(r"^(-?)\.", "${1}0.")
    has_point = texts.str.contains(".", literal=True).fill_null(value=False)
    texts = texts.str.strip_chars_end("0").str.strip_suffix(".").zip_with(has_point, texts)
    return texts.set(texts == "-0", "0")


def rounded(texts: pl.Series, scale: int) -> tuple[pl.Series, pl.Series]:
    """Canonical decimal texts with at most `scale` decimals, half up, and where that changed one.

    >>> rounded(pl.Series(["19.994", "19.995", "0.30000000000000004"]), 2)[0].to_list()
    ['19.99', '20', '0.3']
    """
    none = pl.Series([False]).new_from_index(0, len(texts))
    # A sign apart, what has too many decimals is longer than "0." and as many as there may be.
    longest = texts.str.len_bytes().max()
    if not isinstance(longest, int) or longest <= scale + 2:
        return texts, none
    changed = texts.str.contains(rf"\.[0-9]{{{scale + 1},}}$").fill_null(value=False)
    where = changed.arg_true()
    if not len(where):
        return texts, none
    new = pl.Series([_half_up(text, scale) for text in texts.gather(where)], dtype=pl.String)
    return texts.clone().scatter(where, new), changed


def _half_up(text: str, scale: int) -> str:
    with localcontext(prec=len(text) + scale + 1):
        value = Decimal(text).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
        return format(value.normalize(), "f") if value else "0"


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


def outside(values: pl.Series, minimum: float | None, maximum: float | None) -> pl.Series:
    """True where a number (Float64) lies outside [minimum, maximum]; absent is inside."""
    nowhere = pl.Series([False]).new_from_index(0, len(values))
    below = nowhere if minimum is None else values < minimum
    above = nowhere if maximum is None else values > maximum
    return (below | above).fill_null(value=False)
