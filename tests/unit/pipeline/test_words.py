"""The log of words: a row a pair, and no more rows than there are exceptions."""

from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopnow.pipeline import words as subject
from shopnow.pipeline.words import Words
from shopnow.quality import Translated


def _number(pairs: list[tuple[str, str]], pair: tuple[str, str], place: int) -> int:
    """One of the numbers of a pair, now the first, now the last."""
    return pairs.index(pair) if place % 2 else len(pairs) - 1 - pairs[::-1].index(pair)


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
                "pair": [_number(pairs, one, place) for place, one in enumerate(words)],
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


_WORDS = st.tuples(st.sampled_from(["a", "A", "á", "b", "x"]), st.sampled_from(["a", "b"]))


@given(
    st.lists(st.lists(_WORDS, max_size=8), max_size=8), st.sampled_from([0, 500]), st.integers(1, 4)
)
def test_the_log_is_that_of_a_plain_model(
    chunks: list[list[tuple[str, str]]], few: int, parts: int
) -> None:
    words, number = Words(), 1
    said: dict[str, str] = {}
    totals: Counter[tuple[str, str]] = Counter()
    is_untouched = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subject, "_FEW", few)
        patch.setattr(subject, "_PARTS", parts)
        for pairs in chunks:
            odd = words.see("product", chunk("status", number, *pairs))["record_no"].to_list()
            counted = Counter(pair for pair in pairs if pair[1] not in said)
            for before, after in sorted(counted, key=lambda pair: (-counted[pair], *pair)):
                said.setdefault(after, after if is_untouched else before)
            is_untouched = is_untouched or not pairs
            assert odd == [
                number + place
                for place, (before, after) in enumerate(pairs)
                if said[after] != before
            ]
            totals.update(pairs)
            number += len(pairs)
        rows = words.rows(7).select("before", "after", "records", "is_default").rows()
    assert rows == [
        (before, after, times, said[after] == before)
        for (before, after), times in sorted(totals.items())
    ]
