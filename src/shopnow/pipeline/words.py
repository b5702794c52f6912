"""What the words of a delivery became: a row a pair of words, and the records that said otherwise.

A status, a country or a category is translated by what contract, source or sender declared: nothing
was wrong, so that a row a record would only repeat itself.  For each word of the warehouse the most
frequent word of the delivery is kept once; only records that said another one get a row of their
own in the log of cleanings.  Together they give back what was delivered.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from shopnow.staging import copy_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

_PAIR = ("before", "after", "rule_code")
_KNOWN = {"after": pl.String, "said": pl.String}
_COLUMNS = ("delivery_key", "kind", "column_name", *_PAIR, "records", "is_default")


@dataclass
class Words:
    """The words of one delivery, column by column, in the order of its chunks."""

    _pairs: dict[tuple[str, str], list[pl.DataFrame]] = field(
        default_factory=lambda: defaultdict(list)
    )
    # Of each column: the word of the delivery that stands behind a word of the warehouse.
    _default: dict[tuple[str, str], pl.DataFrame] = field(default_factory=dict)
    _untouched: set[tuple[str, str]] = field(default_factory=set)

    def see(self, kind: str, column: str, words: pl.DataFrame) -> pl.DataFrame:
        """Take the words of one chunk; returns the records that need a row of their own.

        `words`: line_no, record_no, before, after, rule_code; empty where nothing was translated.
        """
        place = (kind, column)
        if words.is_empty():
            self._untouched.add(place)
            return words.with_columns(pl.lit(column).alias("column_name"))
        # One word becomes one other, by one rule: the word alone tells the pairs apart.
        pairs = words.group_by("before").agg(pl.col("after", "rule_code").first(), records=pl.len())
        pairs = pairs.select(*_PAIR, "records")
        self._pairs[place].append(pairs)
        known = self._learnt(place, pairs)
        others = pairs.join(known, on="after", how="left").filter(
            pl.col("before") != pl.col("said")
        )
        odd = words.head(0)
        if others.height:
            odd = words.filter(words["before"].is_in(others["before"].implode()))
        return odd.with_columns(pl.lit(column).alias("column_name"))

    def _learnt(self, place: tuple[str, str], pairs: pl.DataFrame) -> pl.DataFrame:
        """The words of the delivery behind those of the warehouse, these pairs taken in."""
        known = self._default.get(place, pl.DataFrame(schema=_KNOWN))
        fresh = pairs.join(known, on="after", how="anti")
        if fresh.height:
            # Chunks that went by without a row said every word as the warehouse does.
            said = "after" if place in self._untouched else "before"
            first = fresh.sort("records", *_PAIR, descending=[True, *[False] * 3]).unique(
                "after", keep="first", maintain_order=True
            )
            known = pl.concat([known, first.select("after", pl.col(said).alias("said"))])
            self._default[place] = known
        return known

    def rows(self, delivery_key: int) -> pl.DataFrame:
        """Rows of quality.translation."""
        found = []
        for (kind, column), parts in sorted(self._pairs.items()):
            summed = pl.concat(parts).group_by(_PAIR).agg(pl.col("records").sum())
            of = summed.join(self._default[kind, column], on="after", how="left").sort(_PAIR)
            found.append(
                of.select(
                    pl.lit(delivery_key, dtype=pl.Int64).alias("delivery_key"),
                    pl.lit(kind).alias("kind"),
                    pl.lit(column).alias("column_name"),
                    *_PAIR,
                    pl.col("records").cast(pl.Int64),
                    (pl.col("said") == pl.col("before")).alias("is_default"),
                )
            )
        return pl.concat(found) if found else pl.DataFrame()


def write_words(conn: psycopg.Connection, of: Mapping[int, Words]) -> None:
    """Write what the words of deliveries became, by delivery key, within their transaction."""
    told = [rows for key, words in of.items() if (rows := words.rows(key)).height]
    if told:
        copy_rows(conn, "quality", "translation", pl.concat(told).select(_COLUMNS))
