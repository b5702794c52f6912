"""Marks of titles against a plain model: the words of each, one title after the other."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shopnow.pipeline import titles

_SAMPLE = [
    *("20", "cm", "CM", "20cm", "5", "a", "A5", "b", "É", "é", "e", "œuf", "oeuf", "Æ", "ae", "ø"),
    *("Ø", "ß", "ÿ", "日本", "’", "«", "-", "/", " ", "  ", "\t", "\n", "×", "l'eau"),
]
_TITLES = st.none() | st.lists(st.sampled_from(_SAMPLE), max_size=6).map("".join)
_ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def words(title: str | None) -> tuple[str, ...]:
    """The words of one title, in the order of the alphabet."""
    plain = "".join(titles._PLAIN.get(letter, letter) for letter in (title or "").lower())
    joined = re.sub("([0-9]) +([a-z])", r"\1\2", plain)
    return tuple(sorted(word for word in joined.split(" ") if word))


@pytest.mark.parametrize("block", [1, 40, titles._BLOCK])
@given(said=st.lists(_TITLES | _ANY, max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_marks_are_equal_where_words_are(
    monkeypatch: pytest.MonkeyPatch, block: int, said: list[str | None]
) -> None:
    monkeypatch.setattr(titles, "_BLOCK", block)
    marks = titles.title_marks(pl.Series(said, dtype=pl.String)).to_list()
    wanted = [words(title) for title in said]
    assert [mark is None for mark in marks] == [not one for one in wanted]
    pairs = set(zip(marks, wanted, strict=True))
    assert len(pairs) == len({mark for mark, _ in pairs}) == len({one for _, one in pairs})
