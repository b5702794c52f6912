"""Products that look like one another, and those that only seem to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import polars as pl
import pytest

from shopnow.pipeline.likeness import Likeness

if TYPE_CHECKING:
    import psycopg

SCHEMA = {"seller_no": pl.Int32, "product_id": pl.String, "title": pl.String, "brand": pl.String,
          "gtin": pl.String}  # fmt: skip


def told(*products: tuple[Any, ...], joint: str | None = None) -> list[tuple[int, str]]:
    """The numbers (from 1) of the products that are told of, and the column of each."""
    rows = pl.DataFrame(products, schema=SCHEMA, orient="row").with_row_index("record_no", 1)
    likeness = Likeness(joint)
    likeness.see(rows.with_columns(
        pl.col("record_no").cast(pl.Int64), pl.col("record_no").cast(pl.Int64).alias("line_no"),
        is_embedded=pl.lit(value=False), is_deletion=pl.lit(value=False),
    ))  # fmt: skip
    # A full list is compared with itself alone: no connection is asked.
    found = likeness.finish(cast("psycopg.Connection", None))
    return found.select("record_no", "column_name").rows()


@pytest.mark.parametrize("other", ["CASSEROLE 20cm, inox", "casserole (inox) 20 cm"])
def test_case_punctuation_and_order_of_words_say_nothing(other: str) -> None:
    first = (1, "A", "Casserole inox 20 cm", "Fer", None)
    assert told(first, (1, "B", other, "fer", None)) == [(1, "title"), (2, "title")]


@pytest.mark.parametrize(
    "other",
    [
        (1, "B", "Casserole inox 24 cm", "Fer", None),
        (1, "B", "Casserole inox 20 cm", "Cuivre", None),
        (2, "B", "Casserole inox 20 cm", "Fer", None),
        (1, "A", "Casserole inox 20 cm", "Fer", None),
        (1, "B", None, "Fer", None),
    ],
)
def test_another_size_brand_or_seller_is_another_article(other: tuple[Any, ...]) -> None:
    assert told((1, "A", "Casserole inox 20 cm", "Fer", None), other) == []


def test_different_barcodes_tell_apart_and_one_barcode_does_not() -> None:
    title = "Casserole inox"
    assert told((1, "A", title, "", "4006381333931"), (1, "B", title, "", "5012345678900")) == []
    assert told((1, "A", "Un", "", "4006381333931"), (1, "B", "Deux", "", "4006381333931")) == [
        (1, "gtin"), (2, "gtin"),
    ]  # fmt: skip


def test_variants_of_one_thing_share_its_title() -> None:
    rows = [(1, "pot/S", "Pot", "", None), (1, "pot/L", "Pot", "", None)]
    assert told(*rows, joint="/") == []
    assert len(told(*rows, (1, "autre/S", "POT", "", None), joint="/")) == 3
