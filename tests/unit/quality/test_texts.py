"""Blanks, invisible characters and Unicode forms make no difference (S42, S46, S47, S49)."""

from __future__ import annotations

import unicodedata

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.quality.layouts import judged, notes

from shopnow.quality import clean_text, one_case, texts
from shopnow.quality.texts import filled

_BLANKS = " \t\n\u00a0\u202f\u2007"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


def clean(*values: str | None) -> list[str | None]:
    return clean_text(pl.Series(list(values), dtype=pl.String)).to_list()


def test_blanks_around_a_value_are_no_part_of_it() -> None:
    assert clean("Bol", " Bol", "Bol\t", "\u00a0Bol\u202f", "\u200bBol\ufeff") == ["Bol"] * 5
    assert clean("Bol\u00a0bleu", None, "", " \u00a0 ") == ["Bol bleu", None, "", ""]


def test_both_spellings_of_an_accent_are_one_and_cyrillic_is_not_latin() -> None:
    assert clean("caf\u00e9", "cafe\u0301", "\u212b", "c\u0430fe") == [
        "caf\u00e9", "caf\u00e9", "\u00c5", "c\u0430fe",
    ]  # fmt: skip


def _reference(text: str) -> str:
    for blank in "\u00a0\u202f\u2007":
        text = text.replace(blank, " ")
    for hidden in _INVISIBLE:
        text = text.replace(hidden, "")
    return unicodedata.normalize("NFC", text)


@given(st.lists(st.text(max_size=12), min_size=1, max_size=8))
def test_cleaning_is_nfc_and_says_the_same_twice(values: list[str]) -> None:
    once = clean(*values)
    assert clean(*once) == once
    wanted = pl.Series([_reference(value) for value in values]).str.strip_chars().to_list()
    assert once == wanted


@given(st.lists(st.sampled_from(["e\u0301", "\u00e9", "\u212b", "\u0344", "\u1100\u1161", "a"])))
def test_what_composes_is_composed_wherever_it_stands(parts: list[str]) -> None:
    text = "".join(parts)
    assert clean(text, "rien")[0] == unicodedata.normalize("NFC", text)


@given(st.text(alphabet=_BLANKS + _INVISIBLE))
def test_blank_and_invisible_is_empty(text: str) -> None:
    assert not filled(clean_text(pl.Series([text])))[0]


def test_a_cleaning_is_logged_with_before_and_after_unless_it_is_personal() -> None:
    found = judged("seller", {
        "seller_id": ["a", "b"], "seller_name": ["Bol \u00a0", "B"], "contact_name": ["N ", "N"],
    })  # fmt: skip
    assert notes(found.cleanings) == [(1, "whitespace"), (1, "whitespace")]
    logged = dict(zip(found.cleanings["column_name"], found.cleanings["after"], strict=True))
    assert logged == {"seller_name": "Bol", "contact_name": None}


def test_empty_says_unknown_now_and_absent_says_nothing() -> None:
    found = judged("seller", {
        "seller_id": list("abc"), "seller_name": list("abc"), "city": ["Lille", " ", None],
    })  # fmt: skip
    assert found.rows["city?"].to_list() == [True, True, False]


def test_identifiers_without_case_meet_in_one_spelling() -> None:
    uuid = "330A5bb3-647b-4354-ab17-e4b9d5792693"
    said = pl.Series(["sell-001", "SELL-001", uuid, uuid.upper(), None, ""])
    assert one_case(said).to_list() == [
        "SELL-001", "SELL-001", uuid.lower(), uuid.lower(), None, "",
    ]  # fmt: skip
    rows = {"product_id": ["p", "p"], "title": ["P", "P"], "seller_id": ["sell-001", "SELL-001"]}
    found = judged("product", rows, case_insensitive_seller=True)
    assert found.rows["seller_id"].to_list() == ["SELL-001", "SELL-001"]
    assert notes(found.cleanings) == [(1, "letter_case")]
    assert judged("product", rows).rows["seller_id"].to_list() == rows["seller_id"]


def test_no_character_that_is_cleaned_or_composed_is_passed_over() -> None:
    every = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    signs = pl.Series(every)
    touched = signs.str.contains(texts._ODD) | signs.str.contains(texts._MAY_COMPOSE)
    assert (signs.str.contains(texts._SUSPECT) | ~touched).all()
