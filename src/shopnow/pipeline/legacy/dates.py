"""From when a row of the former dimensions is true: the first order that names its key.

The former stream job wrote a member's row when the first order with it came, from that very event,
and never again.  So the row is known to be true at that order's time, and at no earlier one.  A
click that names a product tells that it existed, not what it was called: it dates nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from shopnow.quality import clean_text, out_of_bounds, to_utc

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from shopnow.sources import Source

TIME_FORMS = ("iso", "local")
_DAY = timedelta(days=1)


def times_of(texts: pl.Series, source: Source, now: datetime) -> pl.Series:
    """Times of facts in UTC; null where there is none that the warehouse would take."""
    times = to_utc(clean_text(texts), TIME_FORMS, source).values
    return times.set(out_of_bounds(times, now + _DAY), None)


def first_facts(
    members: pl.DataFrame, orders: pl.DataFrame, times: pl.Series, key: str
) -> pl.DataFrame:
    """The first order of each member: its identifier as written there, first_at (UTC).

    Members that no order names are not in it: nothing says from when their row is true.
    """
    named = pl.DataFrame({"id": clean_text(orders[key]), "at": times}).drop_nulls()
    first = named.group_by("id").agg(pl.col("at").min().alias("first_at"))
    return (
        pl.DataFrame({key: members[key], "id": clean_text(members[key])})
        .unique()
        .join(first, on="id", how="inner")
        .select(key, "first_at")
        .sort(key)
    )


def write_first_facts(first: pl.DataFrame, path: Path, delimiter: str) -> None:
    """The same as a file of the delivery: equal content gives equal bytes."""
    first.write_csv(path, separator=delimiter, datetime_format="%Y-%m-%dT%H:%M:%S%.6f%:z")
    path.chmod(0o600)
