"""Staging rows stand in the order of their key, sorted before or not."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from shopnow.pipeline.columns import in_key_order

_KEYS = st.tuples(st.none() | st.integers(0, 3), st.none() | st.sampled_from(["", "a", "á", "b"]))


@given(st.lists(_KEYS, max_size=12))
def test_rows_are_ordered_as_a_sort_orders_them(keys: list[tuple[int | None, str | None]]) -> None:
    schema = {"seller_no": pl.Int32, "product_id": pl.String}
    rows = pl.DataFrame(keys, schema=schema, orient="row")
    wanted = sorted(
        keys, key=lambda key: (key[0] is not None, key[0] or 0, key[1] is not None, key[1] or "")
    )
    assert in_key_order("product_row", rows).rows() == wanted
    assert in_key_order("product_row", rows.sort(rows.columns)).rows() == wanted


def test_rows_of_a_table_without_a_key_stay_as_they_are() -> None:
    rows = pl.DataFrame({"order_id": ["b", "a"]})
    assert in_key_order("rejected_item", rows).equals(rows)
