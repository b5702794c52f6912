"""The log of words: a row a pair, and no more rows than there are exceptions."""

from __future__ import annotations

import polars as pl

from shopnow.pipeline.words import Words
from shopnow.quality import Translated


def chunk(column: str, first: int, *words: tuple[str, str]) -> Translated:
    """Records from number `first` on that said (before, after)."""
    numbers = range(first, first + len(words))
    # The last pair of the column is said by nobody; equal pairs may have several numbers.
    pairs = [*dict.fromkeys(words), *words[:1], ("unsaid", "active")]
    return Translated(
        column,
        pl.DataFrame(
            {
                "line_no": numbers, "record_no": numbers,
                "pair": [pairs.index(one) for one in words],
            },
            schema={"line_no": pl.Int64, "record_no": pl.Int64, "pair": pl.UInt32},
        ),
        pl.DataFrame(
            [(*pair, "translated") for pair in pairs],
            schema={"before": pl.String, "after": pl.String, "rule_code": pl.String},
            orient="row",
        ),
    )  # fmt: skip


def test_the_most_frequent_word_of_a_chunk_needs_no_row_of_its_own() -> None:
    words = Words()
    many = [("actif", "active")] * 1000 + [("ACTIF", "active")] * 2 + [("pause", "paused")]
    odd = words.see("product", chunk("status", 1, *many))
    assert odd["record_no"].to_list() == [1001, 1002]
    # What was settled holds for the chunks that follow.
    odd = words.see("product", chunk("status", 2000, ("ACTIF", "active"), ("actif", "active")))
    assert odd["record_no"].to_list() == [2000]
    rows = words.rows(7).select("before", "after", "records", "is_default").rows()
    assert rows == [
        ("ACTIF", "active", 3, False),
        ("actif", "active", 1001, True),
        ("pause", "paused", 1, True),
    ]


def test_after_a_chunk_without_translation_every_other_word_is_told() -> None:
    words = Words()
    assert words.see("order", chunk("currency", 1)).is_empty()
    odd = words.see("order", chunk("currency", 5, ("eur", "EUR"), ("EUR", "EUR")))
    assert odd["record_no"].to_list() == [5]
    assert words.rows(7).filter(pl.col("is_default"))["before"].to_list() == ["EUR"]


def test_columns_of_two_kinds_are_kept_apart() -> None:
    words = Words()
    words.see("order", chunk("status", 1, ("PLACED", "placed")))
    odd = words.see("item", chunk("status", 2, ("placed", "placed"), ("Placed", "placed")))
    # Both are as frequent: the first in order stands, the other is told.
    assert odd.height == 1
