"""Numbers are read as text, exactly; what is ambiguous is refused (scd.md S50 to S52, T8)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.quality.layouts import judged, notes, rejects

from shopnow.quality.numbers import outside, rounded, to_boolean, to_decimal, to_integer

DECIMALS = st.decimals(
    min_value=Decimal("-1e15"), max_value=Decimal("1e15"), allow_nan=False, allow_infinity=False,
    places=6,
)  # fmt: skip


def texts(*values: str | None) -> pl.Series:
    return pl.Series("x", list(values), dtype=pl.String)


def test_one_number_has_one_canonical_text() -> None:
    said = texts("19.9", "19.90", "19.900", "+19.9", "019.9", "19.9000000")
    assert set(to_decimal(said, ".").values) == {"19.9"}
    said = texts("-0", "0.00", ".5", "-.50", "100", "1200.", "-007.10")
    assert to_decimal(said, ".").values.to_list() == [
        "0", "0", "0.5", "-0.5", "100", "1200", "-7.1",
    ]  # fmt: skip


@given(DECIMALS)
def test_canonical_texts_keep_the_value_and_are_stable(value: Decimal) -> None:
    canonical = to_decimal(texts(format(value, "f")), ".").values
    assert Decimal(canonical[0]) == value
    assert to_decimal(canonical, ".").values[0] == canonical[0]


@given(DECIMALS)
def test_a_decimal_comma_of_the_dialect_is_no_cleaning(value: Decimal) -> None:
    parsed = to_decimal(texts(format(value, "f").replace(".", ",")), ",")
    assert Decimal(parsed.values[0]) == value
    assert not parsed.cleaned.any()


def test_a_stray_comma_is_read_only_where_it_cannot_group_thousands() -> None:
    parsed = to_decimal(texts("12,5", "12,50", "1,234", "1,2345", "1,234.5", "1.234,5"), ".")
    assert parsed.values.to_list() == ["12.5", "12.5", None, "1.2345", None, None]
    assert parsed.cleaned.to_list() == [True, True, False, True, False, False]
    assert parsed.bad.to_list() == [False, False, True, False, True, True]


def test_in_a_dialect_of_commas_a_point_may_group_thousands_too() -> None:
    parsed = to_decimal(texts("1 234,5", "1\u202f234,50", "12.5", "1.234", "1.234,5"), ",")
    assert parsed.values.to_list() == ["1234.5", "1234.5", "12.5", None, None]
    assert parsed.bad.to_list() == [False, False, False, True, True]


@pytest.mark.parametrize("word", ["gratuit", "1e3", "NaN", "inf", "--1", "1.2.3", "0x10", "१२"])
def test_words_are_no_numbers(word: str) -> None:
    parsed = to_decimal(texts(word, None, ""), ".")
    assert parsed.values.to_list() == [None, None, None]
    assert parsed.bad.to_list() == [True, False, False]


@given(DECIMALS, st.integers(0, 5))
def test_rounding_is_half_up_and_told(value: Decimal, scale: int) -> None:
    canonical = to_decimal(texts(format(value, "f")), ".").values
    new, changed = rounded(canonical, scale)
    wanted = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    assert Decimal(new[0]) == wanted
    assert changed[0] == (wanted != value)
    assert to_decimal(new, ".").values[0] == new[0]


def test_float_noise_is_rounded_at_the_contracts_scale() -> None:
    prices = ["0.30000000000000004", "19.9000004", "19.9000005", "19.90"]
    found = judged("offer", {
        "product_id": ["a", "b", "c", "d"], "unit_price": prices, "currency": ["EUR"] * 4,
    })  # fmt: skip
    assert found.rows["unit_price"].to_list() == ["0.3", "19.9", "19.900001", "19.9"]
    assert notes(found.cleanings) == [(1, "rounded"), (2, "rounded"), (3, "rounded")]


def test_integers_are_whole() -> None:
    parsed = to_integer(texts("3", "3.0", "+4", "1.5", "", None, "9" * 19))
    assert parsed.values.to_list() == [3, 3, 4, None, None, None, None]
    assert parsed.bad.to_list() == [False, False, False, True, False, False, True]


def test_booleans_know_french_and_english() -> None:
    parsed = to_boolean(texts("Oui", "no", "1", "FAUX", "peut-être", ""))
    assert parsed.values.to_list() == [True, False, True, False, None, None]
    assert parsed.bad.to_list() == [False, False, False, False, True, False]


def test_bounds_include_their_ends_and_what_is_absent() -> None:
    assert outside(texts("0", "100", "100.01", "-0.01", None), 0, 100).to_list() == [
        False, False, True, True, False,
    ]  # fmt: skip


def test_a_commission_between_zero_and_one_is_ambiguous() -> None:
    found = judged("seller", {
        "seller_id": list("abcde"), "seller_name": list("abcde"),
        "commission_pct": ["0", "0.25", "1", "1.5", "140"],
    })  # fmt: skip
    assert rejects(found) == {
        2: ["ambiguous_commission"], 3: ["ambiguous_commission"], 5: ["out_of_range"],
    }  # fmt: skip


def test_quantities_and_prices_have_a_sign() -> None:
    rows = {
        "order_id": list("abcd"), "product_id": list("abcd"), "currency": ["EUR"] * 4,
        "quantity": ["0", "-1", "1", "1"], "unit_price": ["1", "1", "-1", "0"],
    }  # fmt: skip
    assert rejects(judged("item", rows)) == {
        1: ["zero_quantity"], 2: ["negative_value"], 3: ["negative_value"],
    }  # fmt: skip
    # A source that announces returns and adjustments has them read.
    told = judged("item", rows, returns="negative_quantity", adjustments="negative_price")
    assert rejects(told) == {1: ["zero_quantity"]}
