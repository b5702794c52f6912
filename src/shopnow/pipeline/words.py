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
    from collections.abc import Iterable, Mapping, Sequence

    import psycopg

    from shopnow.quality import Translated

_SCHEMA = {
    "delivery_key": pl.Int64, "kind": pl.String, "column_name": pl.String, "before": pl.String,
    "after": pl.String, "rule_code": pl.String, "records": pl.Int64, "is_default": pl.Boolean,
}  # fmt: skip
# Before, after, by which rule.
_PAIR = ("before", "after", "rule_code")
_Pair = tuple[str, str, str]
_NONE = pl.DataFrame(schema={**dict.fromkeys(_PAIR, pl.String), "is_odd": pl.Boolean})
# Chunks whose pairs stand apart: memory follows the words, not the file.
_PARTS = 16
# Fewer pairs take less time one by one than a query over them.
_FEW = 500


@dataclass(slots=True)
class _Column:
    """The words of one column: how many records said each pair, and what stands by default.

    `parts`: the pairs of each chunk with their records.  `said`: the word of the delivery behind a
    word of the warehouse; once there it stays, so that a pair that is odd once always is.
    `known`: the pairs seen, each once, and whether they are odd; those of the last chunk wait in
    `fresh` for a next one.  `is_untouched`: chunks went by without a translation.
    """

    parts: list[pl.DataFrame] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    known: pl.DataFrame = field(default_factory=lambda: _NONE)
    fresh: pl.DataFrame = field(default_factory=lambda: _NONE)
    is_untouched: bool = False

    def learn(self, pairs: pl.DataFrame) -> pl.Series:
        """Take in the pairs of one chunk; says which are odd: another word stands for theirs."""
        self.parts.append(pairs)
        if len(self.parts) > _PARTS:
            self.parts = [_merged(self.parts)]
        if self.fresh.height:
            self.known = pl.concat([self.known, self.fresh]).unique(_PAIR)
            self.fresh = _NONE
        if self.known.is_empty():
            return self._judged(pairs)
        # Thousands of categories come again in every chunk: only what is new takes its time.
        found = pairs.join(
            self.known, on=_PAIR, how="left", nulls_equal=True, maintain_order="left"
        )
        is_odd = found["is_odd"]
        new = is_odd.is_null().arg_true()
        return is_odd.scatter(new, self._judged(pairs[new])) if len(new) else is_odd

    def _judged(self, new: pl.DataFrame) -> pl.Series:
        """Which of the pairs nobody said before are odd; of them the most frequent stands."""
        afters = new["after"].to_list()
        fresh = new[[at for at, after in enumerate(afters) if after not in self.said]]
        for before, after in _most_frequent_first(fresh):
            # Chunks that went by without a row said every word as the warehouse does.
            self.said.setdefault(after, after if self.is_untouched else before)
        each = zip(new["before"].to_list(), afters, strict=True)
        is_odd = pl.Series("is_odd", [self.said[after] != before for before, after in each])
        self.fresh = new.select(*_PAIR, is_odd)
        return is_odd

    def totals(self) -> dict[_Pair, int]:
        """How many records said each pair."""
        if len(self.parts) <= 1:
            return _summed(*self.parts)
        return _summed(_merged(self.parts))


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
        each = np.bincount(records["pair"].to_numpy(), minlength=words.pairs.height)
        # Of small deliveries each says few of all words.
        said = np.flatnonzero(each)
        pairs = words.pairs[said].select(*_PAIR, pl.Series("records", each[said]))
        odd = said[column.learn(pairs).to_numpy()]
        if not len(odd):
            return _told(records.head(0), words)
        is_odd = np.zeros(words.pairs.height, dtype=np.bool_)
        is_odd[odd] = True
        return _told(records.filter(pl.Series(is_odd).gather(records["pair"])), words)

    def rows(self, delivery_key: int) -> pl.DataFrame:
        """Rows of quality.translation."""
        told = [
            (delivery_key, kind, name, *pair, number, column.said[pair[1]] == pair[0])
            for (kind, name), column in sorted(self._columns.items())
            for pair, number in sorted(column.totals().items())
        ]
        return pl.DataFrame(told, schema=_SCHEMA, orient="row")


def _most_frequent_first(pairs: pl.DataFrame) -> Iterable[tuple[str, str]]:
    """Before and after of the pairs, each once, the most frequent first, or the first in order."""
    if pairs.height < _FEW:
        summed = _summed(pairs)
        return [pair[:2] for pair in sorted(summed, key=lambda pair: (-summed[pair], *pair))]
    falls = [True, *(False for _ in _PAIR)]
    ordered = _merged([pairs]).sort("records", *_PAIR, descending=falls)
    return zip(ordered["before"].to_list(), ordered["after"].to_list(), strict=True)


def _merged(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts).group_by(_PAIR).agg(pl.col("records").sum())


def _summed(*parts: pl.DataFrame) -> dict[_Pair, int]:
    """Records by pair, which may stand several times.  A loop: small deliveries have few words."""
    summed: dict[_Pair, int] = {}
    for part in parts:
        for before, after, code, number in part.iter_rows():
            pair = (before, after, code)
            summed[pair] = summed.get(pair, 0) + number
    return summed


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
