"""What the words of a delivery became: a row a pair of words, and the records that said otherwise.

A status, a country or a category is translated by what contract, source or sender declared: nothing
was wrong, so that a row a record would only repeat itself.  For each word of the warehouse the most
frequent word of the delivery is kept once; only records that said another one get a row of their
own in the log of cleanings.  Together they give back what was delivered.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from shopnow.staging import copy_rows

if TYPE_CHECKING:
    import psycopg

_PAIR = ("before", "after", "rule_code")
_COLUMNS = ("delivery_key", "kind", "column_name", *_PAIR, "records", "is_default")


@dataclass
class Words:
    """The words of one delivery, column by column, in the order of its chunks."""

    _counts: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    # Of each column: the word of the delivery that stands behind a word of the warehouse.
    _default: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    _untouched: set[tuple[str, str]] = field(default_factory=set)

    def see(self, kind: str, column: str, words: pl.DataFrame) -> pl.DataFrame:
        """Take the words of one chunk; returns the records that need a row of their own.

        `words`: line_no, record_no, before, after, rule_code; empty where nothing was translated.
        """
        place = (kind, column)
        if words.is_empty():
            self._untouched.add(place)
            return words.with_columns(pl.lit(column).alias("column_name"))
        pairs = words.group_by(_PAIR).len().sort("len", *_PAIR, descending=[True, *[False] * 3])
        known = self._default.setdefault(place, {})
        for before, after, rule, records in pairs.iter_rows():
            self._counts[kind, column, before, after, rule] += records
            # Chunks that went by without a row said every word as the warehouse does.
            known.setdefault(after, after if place in self._untouched else before)
        meant = pl.col("after").replace_strict(
            list(known), list(known.values()), return_dtype=pl.String
        )
        odd = words.filter(pl.col("before") != meant)
        return odd.with_columns(pl.lit(column).alias("column_name"))

    def rows(self, delivery_key: int) -> pl.DataFrame:
        """Rows of quality.translation."""
        rows = [
            (delivery_key, *pair, records, self._default[pair[0], pair[1]][pair[3]] == pair[2])
            for pair, records in sorted(self._counts.items())
        ]
        schema = {
            "delivery_key": pl.Int64, "kind": pl.String, "column_name": pl.String,
            "before": pl.String, "after": pl.String, "rule_code": pl.String, "records": pl.Int64,
            "is_default": pl.Boolean,
        }  # fmt: skip
        return pl.DataFrame(rows, schema=schema, orient="row")


def write_words(conn: psycopg.Connection, words: Words, delivery_key: int) -> None:
    """Write what the words of a delivery became, within its transaction."""
    rows = words.rows(delivery_key)
    if rows.height:
        copy_rows(conn, "quality", "translation", rows.select(_COLUMNS))
