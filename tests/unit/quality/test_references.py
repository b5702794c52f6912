"""Words, codes and forms: what is known is translated, what is not is refused (S48, T6, T9)."""

from __future__ import annotations

import ipaddress

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.quality.layouts import judged, notes, rejects

from shopnow.quality import RULE_CODES
from shopnow.quality.references import bad_gtin, bad_ip


@pytest.mark.parametrize("word", ["active", "Active", "ACTIVE", " actif ", "Actif"])
def test_words_of_one_meaning_are_one_word(word: str) -> None:
    rows = {"seller_id": ["a"], "seller_name": ["A"], "status": [word]}
    assert judged("seller", rows).rows["status"].to_list() == ["active"]


def test_inactive_is_suspended_and_an_unknown_word_is_refused() -> None:
    found = judged("seller", {
        "seller_id": ["a", "b", "c"], "seller_name": ["A", "B", "C"],
        "status": ["INACTIVE", "activ", ""],
    })  # fmt: skip
    assert found.rows["status"].to_list() == ["suspended", ""]
    assert rejects(found) == {2: ["unknown_word"]}


def test_a_layouts_own_words_come_before_the_contracts() -> None:
    fields = {"seller_id": "seller_id", "seller_name": "seller_name",
              "status": {"path": "status", "words": {"ouvert": "active"}}}  # fmt: skip
    found = judged(
        "seller",
        {"seller_id": ["a", "b"], "seller_name": ["A", "B"], "status": ["Ouvert", "pending"]},
        records={"seller": {"fields": fields}},
    )
    assert found.rows["status"].to_list() == ["active", "pending"]


def _gtin(body: str) -> str:
    digits = [int(digit) for digit in reversed(body)]
    total = sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits))
    return body + str(-total % 10)


@given(
    st.sampled_from([7, 11, 12, 13]).flatmap(
        lambda n: st.text("0123456789", min_size=n, max_size=n)
    )
)
def test_a_barcode_is_good_with_its_check_digit_and_no_other(body: str) -> None:
    good = _gtin(body)
    others = [body + str(digit) for digit in range(10) if body + str(digit) != good]
    assert bad_gtin(pl.Series([good, *others])).to_list() == [False] + [True] * 9


def test_barcodes_of_other_lengths_are_bad_and_absent_ones_are_not() -> None:
    said = pl.Series(["123", "4006381333931", "400638133393", "abc", "", None])
    assert bad_gtin(said).to_list() == [True, False, True, True, False, False]


def test_what_a_spreadsheet_did_to_a_barcode_is_said() -> None:
    found = judged("product", {
        "product_id": list("abc"), "title": list("ABC"),
        "gtin": ["4,00638E+12", "'4006381333931", "4006381333932"],
    })  # fmt: skip
    assert rejects(found) == {1: ["number_cut_by_spreadsheet"], 3: ["bad_gtin"]}
    assert notes(found.cleanings) == [(2, "leading_apostrophe")]
    assert found.rows["gtin"].to_list() == ["4006381333931"]


def test_countries_are_known_by_code_and_by_french_and_english_name() -> None:
    words = ["FR", "fr", "France", "Allemagne", "Germany", "USA", "Royaume-Uni", "Wakanda"]
    found = judged("seller", {
        "seller_id": list("abcdefgh"), "seller_name": list("abcdefgh"), "country": words,
    })  # fmt: skip
    assert found.rows["country"].to_list() == ["FR", "FR", "FR", "DE", "DE", "US", "GB", None]
    # A seller is not turned away for its country: the word is dropped, and said.
    assert notes(found.warnings) == [(8, "unknown_country")]


def test_currencies_are_those_of_iso_4217() -> None:
    found = judged("offer", {
        "product_id": list("abcde"), "unit_price": ["1"] * 5,
        "currency": ["EUR", "usd", "XXX", "XTS", "EURO"],
    })  # fmt: skip
    assert found.rows["currency"].to_list() == ["EUR", "USD"]
    assert rejects(found) == {place: ["unknown_currency"] for place in (3, 4, 5)}


def test_a_category_of_the_house_is_demanded_only_where_the_source_promises_one() -> None:
    rows = {"product_id": ["a", "b"], "title": ["A", "B"], "category_id": ["Maison", "Jouets"]}
    assert rejects(judged("product", rows, categories="house")) == {2: ["unknown_category"]}
    lenient = judged("product", rows)
    assert lenient.rows["category_id"].to_list() == ["home", None]
    assert notes(lenient.warnings) == [(2, "unknown_category")]


@given(st.ip_addresses())
def test_every_address_is_one(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert not bad_ip(pl.Series([str(address), address.exploded])).any()


@given(st.text("0123456789abcdef:.", min_size=1, max_size=20))
def test_what_the_library_refuses_is_refused(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        assert bad_ip(pl.Series([text]))[0]
    else:
        # Dotted tails of IPv6 are the one form that is not read here.
        assert not bad_ip(pl.Series([text]))[0] or (":" in text and "." in text)


def test_every_rule_code_says_what_and_what_to_do_in_french() -> None:
    assert all(
        rule.what_fr and rule.fix_fr.endswith((".", "]", "…")) for rule in RULE_CODES.values()
    )
