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

import numpy as np
import polars as pl

from shopnow.staging import copy_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from shopnow.quality import Translated

_SCHEMA = {
    "delivery_key": pl.Int64, "kind": pl.String, "column_name": pl.String, "before": pl.String,
    "after": pl.String, "rule_code": pl.String, "records": pl.Int64, "is_default": pl.Boolean,
}  # fmt: skip
# Before, after, by which rule.
_Pair = tuple[str, str, str]


@dataclass(slots=True)
class _Column:
    """The words of one column: how many records said each pair, and what stands by default.

    `said`: the word of the delivery behind a word of the warehouse.  `is_untouched`: chunks went by
    without a translation.  Words are few, so that plain dictionaries take less time than queries.
    """

    records: dict[_Pair, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    is_untouched: bool = False

    def learn(self, pairs: Mapping[_Pair, int]) -> None:
        """Take in the pairs of one chunk; the most frequent stands, or the first in order."""
        fresh = [pair for pair in pairs if pair[1] not in self.said]
        for pair in sorted(fresh, key=lambda pair: (-pairs[pair], *pair)):
            before, after, _ = pair
            # Chunks that went by without a row said every word as the warehouse does.
            self.said.setdefault(after, after if self.is_untouched else before)
        for pair, number in pairs.items():
            self.records[pair] = self.records.get(pair, 0) + number


@dataclass
class Words:
    """The words of one delivery, column by column, in the order of its chunks."""

    _columns: dict[tuple[str, str], _Column] = field(default_factory=lambda: defaultdict(_Column))

    def see(self, kind: str, words: Translated) -> pl.DataFrame:
        """Take the words of one chunk; returns the records that need a row of their own.

        These are: line_no, record_no, column_name, before, after, rule_code.
        """
        column, records = self._columns[kind, words.column], words.records
        if records.is_empty():
            column.is_untouched = True
            return _told(records, words)
        pairs = _counted(words)
        column.learn(pairs)
        odd = {before for before, after, _ in pairs if column.said[after] != before}
        if not odd:
            return _told(records.head(0), words)
        among = pl.Series([*odd], dtype=pl.String).implode()
        is_odd = words.pairs["before"].is_in(among).fill_null(value=False)
        return _told(records.filter(is_odd.gather(records["pair"])), words)

    def rows(self, delivery_key: int) -> pl.DataFrame:
        """Rows of quality.translation."""
        told = [
            (delivery_key, kind, name, *pair, number, column.said[pair[1]] == pair[0])
            for (kind, name), column in sorted(self._columns.items())
            for pair, number in sorted(column.records.items())
        ]
        return pl.DataFrame(told, schema=_SCHEMA, orient="row")


def _counted(words: Translated) -> dict[_Pair, int]:
    """How many records said each pair that was said: of small deliveries each says few of all."""
    each = np.bincount(words.records["pair"].to_numpy())
    said = np.flatnonzero(each)
    counted: dict[_Pair, int] = {}
    for pair, number in zip(words.pairs[said].iter_rows(), each[said].tolist(), strict=True):
        counted[pair] = counted.get(pair, 0) + number
    return counted


def _told(records: pl.DataFrame, words: Translated) -> pl.DataFrame:
    """Records of a column with what was said and what it became."""
    said = words.pairs[records["pair"]]
    return records.drop("pair").with_columns(
        pl.lit(words.column).alias("column_name"), *said.get_columns()
    )


def write_words(conn: psycopg.Connection, of: Mapping[int, Words]) -> None:
    """Write what the words of deliveries became, by delivery key, within their transaction."""
    told = [rows for key, words in of.items() if (rows := words.rows(key)).height]
    if told:
        copy_rows(conn, "quality", "translation", pl.concat(told))
