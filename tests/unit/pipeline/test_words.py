"""The log of words: a row a pair, and no more rows than there are exceptions."""

from __future__ import annotations

import polars as pl

from shopnow.pipeline.words import Words


def chunk(first: int, *words: tuple[str, str]) -> pl.DataFrame:
    """Records from number `first` on that said (before, after)."""
    numbers = range(first, first + len(words))
    return pl.DataFrame({
        "line_no": numbers, "record_no": numbers, "before": [one for one, _ in words],
        "after": [other for _, other in words], "rule_code": ["translated"] * len(words),
    })  # fmt: skip


def test_the_most_frequent_word_of_a_chunk_needs_no_row_of_its_own() -> None:
    words = Words()
    many = [("actif", "active")] * 1000 + [("ACTIF", "active")] * 2 + [("pause", "paused")]
    odd = words.see("product", "status", chunk(1, *many))
    assert odd["record_no"].to_list() == [1001, 1002]
    # What was settled holds for the chunks that follow.
    odd = words.see("product", "status", chunk(2000, ("ACTIF", "active"), ("actif", "active")))
    assert odd["record_no"].to_list() == [2000]
    rows = words.rows(7).select("before", "after", "records", "is_default").rows()
    assert rows == [
        ("ACTIF", "active", 3, False),
        ("actif", "active", 1001, True),
        ("pause", "paused", 1, True),
    ]


def test_after_a_chunk_without_translation_every_other_word_is_told() -> None:
    words = Words()
    assert words.see("order", "currency", chunk(1)).is_empty()
    odd = words.see("order", "currency", chunk(5, ("eur", "EUR"), ("EUR", "EUR")))
    assert odd["record_no"].to_list() == [5]
    assert words.rows(7).filter(pl.col("is_default"))["before"].to_list() == ["EUR"]


def test_columns_of_two_kinds_are_kept_apart() -> None:
    words = Words()
    words.see("order", "status", chunk(1, ("PLACED", "placed")))
    odd = words.see("item", "status", chunk(2, ("placed", "placed"), ("Placed", "placed")))
    # Both are as frequent: the first in order stands, the other is told.
    assert odd.height == 1
