"""Seeded randomness and the identifiers made from it.

Every part of the generator draws from a stream of its own, named by what it is for: changing one
part leaves the others byte for byte as they were, and the same seed always writes the same files.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

Ints = NDArray[np.int64]

_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
_UUID_DASHES = (8, 13, 18, 23)
_UUID_LENGTH = 36


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """Give the generator that belongs to a seed and a purpose, e.g. `stream(2026, "orders", 3)`."""
    key = [seed, *(zlib.crc32(str(name).encode()) for name in names)]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


def uuids(rng: np.random.Generator, count: int) -> pl.Series:
    """Draw random version-4 UUIDs as lower-case text."""
    octets = np.frombuffer(rng.bytes(16 * count), dtype=np.uint8).reshape(count, 16).copy()
    octets[:, 6] = (octets[:, 6] & 0x0F) | 0x40
    octets[:, 8] = (octets[:, 8] & 0x3F) | 0x80
    nibbles = np.empty((count, 32), dtype=np.uint8)
    nibbles[:, 0::2] = _HEX[octets >> 4]
    nibbles[:, 1::2] = _HEX[octets & 0x0F]
    text = np.full((count, _UUID_LENGTH), ord("-"), dtype=np.uint8)
    places = [place for place in range(_UUID_LENGTH) if place not in _UUID_DASHES]
    text[:, places] = nibbles
    whole = text.tobytes().decode("ascii")
    size = _UUID_LENGTH
    return pl.Series([whole[start : start + size] for start in range(0, size * count, size)])


def weighted(rng: np.random.Generator, weights: Iterable[float], count: int) -> Ints:
    """Draw `count` positions in proportion to their weights."""
    edges = np.cumsum(np.fromiter(weights, dtype=np.float64))
    drawn = rng.random(count) * edges[-1]
    places: Ints = np.searchsorted(edges, drawn, side="right").astype(np.int64)
    return places


def siren(number: int) -> str:
    """Make a nine-digit SIREN whose check digit is right and whose range 999 is given to nobody.

    >>> siren(1)
    '999000011'
    """
    body = f"999{number:05d}"
    total = sum(_luhn_digit(digit, place) for place, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


def _luhn_digit(digit: str, place_before_check: int) -> int:
    doubled = int(digit) * (2 if place_before_check % 2 == 0 else 1)
    return doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 (the cross sum of two digits)


def gtin13(number: int) -> str:
    """Make an EAN-13 of the prefixes 20 to 29, which shops keep for internal use.

    >>> gtin13(42)
    '2500000000423'
    """
    body = f"2{(3 + number) % 10}{number:010d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)


def money_text(cents: pl.Expr) -> pl.Expr:
    """Write whole cents with two decimals and a point: 1250 becomes `12.50`. Not for negatives."""
    return pl.concat_str(
        (cents // 100).cast(pl.String), pl.lit("."), (cents % 100).cast(pl.String).str.zfill(2)
    )


def epoch_text(micros: pl.Expr) -> pl.Expr:
    """Write microseconds since 1970 as epoch seconds with six decimals, as `time.time()` gives."""
    seconds = (micros // 1_000_000).cast(pl.String)
    return pl.concat_str(seconds, pl.lit("."), (micros % 1_000_000).cast(pl.String).str.zfill(6))
