"""Times: offsets, epochs and local times, all to UTC, none guessed (scd.md S54 to S60)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from shopnow.quality.texts import filled

if TYPE_CHECKING:
    from shopnow.sources import Source

_ISO_FORMATS = ("%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M%#z")
_LOCAL_FORMATS = (
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
)
_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y")
_EPOCH = r"^[0-9]{1,14}(\.[0-9]+)?$"
UTC = pl.Datetime("us", "UTC")
# The last second of the year 9999, in microseconds: what lies beyond is out of bounds anyway.
_LAST = 253_402_300_799_000_000


@dataclass(frozen=True, slots=True)
class Times:
    """UTC times (null where absent, empty or bad), and where what went wrong."""

    values: pl.Series
    bad: pl.Series
    ambiguous: pl.Series
    nonexistent: pl.Series


def to_utc(texts: pl.Series, forms: tuple[str, ...], source: Source) -> Times:
    """UTC times of texts in the accepted `forms` (iso, local, epoch_s, epoch_ms).

    A form with % is the sender's own, read as strptime reads it, in the source's zone.
    """
    has = filled(texts)
    values = pl.Series(texts.name, [None], dtype=UTC).new_from_index(0, len(texts))
    nothing = pl.Series([False]).new_from_index(0, len(texts))
    ambiguous = nonexistent = nothing
    for form in forms:
        open_ = has & values.is_null()
        if not open_.any():
            break
        todo = texts.set(~open_, None)
        if form == "iso":
            found = _iso(todo)
        elif form in ("epoch_s", "epoch_ms"):
            found = _epoch(todo, milliseconds=form == "epoch_ms")
        else:
            naive = _of_form(todo, form) if "%" in form else _naive(todo)
            found, twice, gone = _zoned(naive, source)
            ambiguous, nonexistent = ambiguous | twice, nonexistent | gone
        values = found.zip_with(open_, values)
    bad = has & values.is_null() & ~ambiguous & ~nonexistent
    return Times(values, bad, ambiguous, nonexistent)


def _iso(texts: pl.Series) -> pl.Series:
    # A text without offset matches no form: it is nobody's local time here.
    found = texts.str.to_datetime(_ISO_FORMATS[0], strict=False, time_unit="us")
    for pattern in _ISO_FORMATS[1:]:
        if found.null_count() == texts.null_count():
            break
        other = texts.str.to_datetime(pattern, strict=False, time_unit="us")
        found = found.zip_with(found.is_not_null(), other)
    return found.dt.convert_time_zone("UTC")


def _epoch(texts: pl.Series, *, milliseconds: bool) -> pl.Series:
    good = texts.str.contains(_EPOCH).fill_null(value=False)
    parts = texts.set(~good, None)
    whole = parts.str.extract(r"^([0-9]+)", 1).cast(pl.Int64)
    unit = 3 if milliseconds else 6
    # Digits beyond the microsecond are cut, not rounded (S57).
    digits = parts.str.extract(r"\.([0-9]+)$", 1).fill_null("0").str.slice(0, unit)
    fraction = digits.str.pad_end(unit, "0").cast(pl.Int64)
    micros = whole * 10**unit + fraction
    # What no calendar holds stays out of bounds without overflowing the type.
    capped: pl.Series = micros.set((micros > _LAST).fill_null(value=False), _LAST)
    return capped.cast(UTC)


def _of_form(texts: pl.Series, form: str) -> pl.Series:
    if "%H" in form or "%I" in form:
        return texts.str.to_datetime(form, strict=False, time_unit="us")
    return texts.str.to_date(form, strict=False).cast(pl.Datetime("us"))


def _naive(texts: pl.Series) -> pl.Series:
    naive = pl.Series(texts.name, [None], dtype=pl.Datetime("us")).new_from_index(0, len(texts))
    for pattern in (*_LOCAL_FORMATS, *_DATE_FORMATS):
        open_ = texts.is_not_null() & naive.is_null()
        if not open_.any():
            break
        todo = texts.set(~open_, None)
        if pattern in _DATE_FORMATS:
            found = todo.str.to_date(pattern, strict=False).cast(pl.Datetime("us"))
        else:
            found = todo.str.to_datetime(pattern, strict=False, time_unit="us")
        naive = found.zip_with(open_, naive)
    return naive


def _zoned(naive: pl.Series, source: Source) -> tuple[pl.Series, pl.Series, pl.Series]:
    side = "earliest" if source.ambiguous == "reject" else source.ambiguous
    zoned = naive.dt.replace_time_zone(source.zone, ambiguous=side, non_existent="null")
    gone = missing = naive.is_not_null() & zoned.is_null()
    if source.nonexistent == "forward" and gone.any():
        # The gap is an hour: the clock that was not turned shows one hour more.
        later = (naive + timedelta(hours=1)).dt.replace_time_zone(
            source.zone, ambiguous=side, non_existent="null"
        )
        zoned = zoned.zip_with(~gone, later)
        gone = naive.is_not_null() & zoned.is_null()
    twice = pl.Series([False]).new_from_index(0, len(naive))
    if source.ambiguous == "reject":
        strict = naive.dt.replace_time_zone(source.zone, ambiguous="null", non_existent="null")
        twice = zoned.is_not_null() & strict.is_null() & ~missing
        zoned = zoned.set(twice, None)
    return zoned.dt.convert_time_zone("UTC"), twice, gone


def out_of_bounds(values: pl.Series, latest: datetime) -> pl.Series:
    """True where a time lies outside [2000-01-01, latest]."""
    first = datetime(2000, 1, 1, tzinfo=latest.tzinfo)
    return ((values < first) | (values > latest)).fill_null(value=False)
