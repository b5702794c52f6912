"""What a glance says of a column is what looking at every value says."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from shopnow.quality.glance import MANY, glance
from shopnow.quality.texts import clean_text, distinct, filled, has_content

_BLANKS = st.text(st.sampled_from(" \t\u00a0\u202f\u200b\ufeff\u2060ae\u0301é"))
_TEXTS = st.lists(st.none() | _BLANKS | st.text(st.characters(exclude_categories=["Cs"])))


@given(_TEXTS)
def test_sums_and_extremes_are_those_of_the_values(texts: list[str | None]) -> None:
    said = [text for text in texts if text is not None]
    look = glance(pl.Series(texts, dtype=pl.String))
    sizes = [len(text.encode()) for text in said]
    assert look.absent == len(texts) - len(said)
    assert (look.size, look.characters) == (sum(sizes), sum(map(len, said)))
    assert (look.shortest, look.longest) == (min(sizes, default=0), max(sizes, default=0))
    assert look.is_ascii == all(text.isascii() for text in said)


@given(_TEXTS)
def test_content_is_what_cleaning_leaves(texts: list[str | None]) -> None:
    values = pl.Series(texts, dtype=pl.String)
    assert has_content(values).to_list() == filled(clean_text(values)).to_list()


def test_how_many_values_differ_is_about_right() -> None:
    several = pl.Series(range(60_000)).shuffle(seed=1).cast(pl.String).str.tail(3)
    assert 700 < glance(several).different < 1_500
    assert glance(pl.Series(["EUR", "USD"] * MANY)).different == 2
    assert glance(pl.Series([f"{row}" for row in range(60_000)])).different == 60_000


def test_values_that_only_seem_to_repeat_are_not_looked_at_apart() -> None:
    # Every thirtieth value is the same, and those are the ones that a glance sees.
    rows = [f"{row if row % 30 else 0}" for row in range(60_000)]
    assert glance(pl.Series(rows)).different == 1
    assert distinct(pl.Series(rows)) is None
