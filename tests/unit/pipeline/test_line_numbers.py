"""Lines without a number: the same numbers whatever the chunks, real repeats kept apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from shopnow.pipeline.identity import LineNumbers
from shopnow.sources import load_source

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.sources import Source

_YAML = """
name: till
sender: platform
system: shop
feed: orders
format: csv
line_identity: [product_id, quantity]
file_pattern: "*.csv"
records:
  item:
    fields: {order_id: a, product_id: b, quantity: c, unit_price: d, ordered_at: e}
"""


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "till.yaml"
    path.write_text(_YAML, encoding="utf-8")
    return load_source(path)


def _numbers(source: Source, *chunks: list[tuple[str, str]]) -> list[int]:
    made = LineNumbers(source)
    numbers: list[int] = []
    for lines in chunks:
        rows = pl.DataFrame(lines, schema=["order_id", "product_id"], orient="row").with_columns(
            pl.lit(1).alias("quantity"), pl.lit(0).alias("item_no")
        )
        found = made.of(rows)
        assert isinstance(found, pl.Series)
        numbers += found.to_list()
    return numbers


LINES = [("o1", "a"), ("o1", "b"), ("o1", "a"), ("o2", "a"), ("o1", "a"), ("o2", "a")]


@pytest.mark.parametrize("border", range(len(LINES) + 1))
def test_an_order_that_goes_on_in_the_next_chunk_keeps_its_repeats(
    source: Source, border: int
) -> None:
    whole = _numbers(source, LINES)
    assert len(set(whole)) == len(LINES)
    assert _numbers(source, LINES[:border], LINES[border:]) == whole


def test_each_line_in_a_chunk_of_its_own(source: Source) -> None:
    assert _numbers(source, *([line] for line in LINES)) == _numbers(source, LINES)


def test_another_order_of_the_lines_gives_the_same_set(source: Source) -> None:
    assert set(_numbers(source, LINES[::-1])) == set(_numbers(source, LINES))


def test_equal_lines_of_a_source_whose_repeats_are_replays_are_one_line(source: Source) -> None:
    replayed = replace(source, repeats="replays")
    whole = _numbers(replayed, LINES)
    assert len(set(whole)) == len(set(LINES))
    assert whole == _numbers(replayed, LINES[:2], LINES[2:])
    assert whole[0] == _numbers(source, LINES)[0]


def test_two_customers_are_told_apart_where_the_identity_names_them(source: Source) -> None:
    named = replace(source, repeats="replays", line_identity=("product_id", "customer_id"))
    rows = pl.DataFrame(
        {
            "order_id": ["o1", "o1", "o1"],
            "product_id": ["a", "a", "a"],
            "lookup": [b"one", b"two", b"one"],
            "item_no": [0, 0, 0],
        }
    )
    found = LineNumbers(named).of(rows)
    assert isinstance(found, pl.Series)
    assert found[0] == found[2] != found[1]
