"""Reference data and well-known forms: currencies, countries, barcodes, network addresses."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from babel import Locale
from babel.numbers import list_currencies

from shopnow.quality.texts import filled

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A number whose check digit is wrong, for texts that are no number.
_UNCHECKED = 1
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = rf"^({_OCTET}\.){{3}}{_OCTET}$"
_IPV6 = r"^([0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}$"


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
    well_formed = texts.str.contains(r"^([0-9]{8}|[0-9]{12,14})$").fill_null(value=False)
    number = texts.set(~well_formed, None).cast(pl.Int64).fill_null(_UNCHECKED).to_numpy()
    # Four digits at a time, from the right: 14 divisions of each number would cost three times
    # as much.
    weights = _weights()
    total = weights[number % 10_000]
    for _ in range(3):
        number = number // 10_000
        total = total + weights[number % 10_000]
    return filled(texts) & pl.Series(total % 10 != 0)


@cache
def _weights() -> NDArray[np.int64]:
    """What four digits weigh: from the right the first weighs 1, its neighbour 3, and so on."""
    numbers = np.arange(10_000)
    digits = [numbers // 10**place % 10 for place in range(4)]
    weights: NDArray[np.int64] = digits[0] + 3 * digits[1] + digits[2] + 3 * digits[3]
    return weights


def bad_ip(texts: pl.Series) -> pl.Series:
    """True where a text is no IPv4 and no IPv6 address (RFC 4291 2.2, forms 1 and 2)."""
    good = texts.str.contains(_IPV4).fill_null(value=False)
    if not (good | ~filled(texts)).all():
        colons = texts.str.count_matches(":", literal=True)
        gaps = texts.str.count_matches("::", literal=True)
        whole = (gaps == 0) & (colons == 7)  # noqa: PLR2004 — eight groups
        short = (gaps == 1) & ~texts.str.contains(r":::|^:[^:]|[^:]:$")
        six = texts.str.contains(_IPV6) & (whole & ~texts.str.contains("^:|:$") | short)
        good = good | six.fill_null(value=False)
    return filled(texts) & ~good
