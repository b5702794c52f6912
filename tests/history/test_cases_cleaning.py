"""Cases S42, S46 to S52, S54 to S58, S60 and S72 of scd.md, where cleaning happens.

Two contents are the same statement when they have the same content hash after steps 2 and 3: the
engine then sees a repetition.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from tests.unit.quality.layouts import CONTRACTS, judged, layout, notes, rejects

from shopnow.quality.times import to_utc
from shopnow.staging import Frame, statement_rows

if TYPE_CHECKING:
    from shopnow.quality import Judged

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PRODUCT = {"product_id": "P1", "title": "Café", "status": "active", "brand": "Fer"}
OFFER = {"product_id": "P1", "unit_price": "19.90", "currency": "EUR"}


def said(kind: str, *records: dict[str, Any], **source: Any) -> tuple[Judged, list[int]]:  # noqa: ANN401
    """The judgement of some records, and the content hash of each that passed."""
    columns = {name: [record.get(name) for record in records] for name in records[0]}
    found = judged(kind, columns, **source)
    of = Frame(layout(kind, {name: name for name in columns}, **source), NOON)
    return found, statement_rows(found.rows, CONTRACTS.kinds[kind], of)["content_hash"].to_list()


def is_no_change(kind: str, *records: dict[str, Any], **source: Any) -> Judged:  # noqa: ANN401
    """Every record passes and says the same."""
    found, hashes = said(kind, *records, **source)
    assert len(hashes) == len(records), rejects(found)
    assert len(set(hashes)) == 1
    return found


def test_s42_null_and_empty_are_one() -> None:
    # A reader gives "" for an empty cell, a JSON null and a JSON ""; blanks are cleaned to it.
    is_no_change("product", PRODUCT | {"brand": ""}, PRODUCT | {"brand": " "})


def test_s46_blanks_are_no_change() -> None:
    dirty = PRODUCT | {"title": "\u00a0Café\t ", "brand": " Fer\u202f"}
    found = is_no_change("product", PRODUCT, dirty)
    kept = found.cleanings.filter(pl.col("column_name") == "title")
    assert kept["before"].to_list() == ["\u00a0Café\t "]
    assert kept["after"].to_list() == ["Café"]


def test_s47_one_seller_where_case_says_nothing() -> None:
    seller = {"seller_id": "SELL-001", "seller_name": "Un"}
    other = seller | {"seller_id": "sell-001 "}
    found = is_no_change("seller", seller, other, case_insensitive_seller=True)
    assert found.rows["seller_id"].to_list() == ["SELL-001", "SELL-001"]
    # The spelling that was sent stays in the log of cleanings.
    assert "sell-001" in found.cleanings["before"].to_list()
    _, hashes = said("seller", seller, other)
    assert len(set(hashes)) == 2


@pytest.mark.parametrize("word", ["Active", "ACTIVE", "actif", " active "])
def test_s48_words_of_a_vocabulary(word: str) -> None:
    is_no_change("product", PRODUCT, PRODUCT | {"status": word})


def test_s48_an_unknown_word_is_rejected() -> None:
    found, _ = said("product", PRODUCT | {"status": "actve"})
    assert rejects(found) == {1: ["unknown_word"]}


@pytest.mark.parametrize("title", ["Cafe\u0301", "Caf\u00e9\u200b", "\ufeffCafé"])
def test_s49_one_form_of_unicode(title: str) -> None:
    is_no_change("product", PRODUCT, PRODUCT | {"title": title})


def test_s49_look_alike_letters_are_not_merged() -> None:
    found, hashes = said("product", PRODUCT, PRODUCT | {"title": "C\u0430fé"})
    assert len(set(hashes)) == 2
    assert (2, "look_alike_letters") in notes(found.warnings)


@pytest.mark.parametrize("price", ["19.9", "19.90", "19.900", " 19.90"])
def test_s50_trailing_zeros(price: str) -> None:
    is_no_change("offer", OFFER, OFFER | {"unit_price": price})


def test_s51_rounding_half_up() -> None:
    # Prices keep six decimals, a commission four: half up, and flagged.
    seller = {"seller_id": "S1", "seller_name": "Un", "commission_pct": "19.9901"}
    found = is_no_change("seller", seller, seller | {"commission_pct": "19.99014"})
    assert notes(found.cleanings) == [(2, "rounded")]
    _, hashes = said("seller", seller, seller | {"commission_pct": "19.99015"})
    assert len(set(hashes)) == 2


def test_s52_decimals_are_read_from_text() -> None:
    found, _ = said("offer", OFFER | {"unit_price": "0.30"}, OFFER | {"unit_price": "0.1"})
    assert [float(v) for v in found.rows["unit_price"]] == [0.3, 0.1]
    assert all(len(v) <= 4 for v in found.rows["unit_price"])


def test_s54_one_instant_in_two_zones() -> None:
    times = {"effective_at": ["2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00Z"]}
    found = judged("product", {"product_id": ["P", "P"], "title": ["T", "T"], **times})
    assert found.rows["effective_at"].n_unique() == 1


def local(text: str, **source: Any) -> tuple[datetime | None, bool, bool]:  # noqa: ANN401
    """A local text of Paris in UTC, and whether it is ambiguous or does not exist."""
    times = to_utc(pl.Series([text]), ("local",), layout(zone="Europe/Paris", **source))
    return times.values[0], times.ambiguous[0], times.nonexistent[0]


def test_s55_an_hour_that_comes_twice() -> None:
    assert local("2026-10-25 02:30:00") == (None, True, False)
    stated = local("2026-10-25 02:30:00", ambiguous="earliest")
    assert stated == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), False, False)
    rows = {"product_id": ["P"], "title": ["T"], "effective_at": ["2026-10-25 02:30:00"]}
    assert rejects(judged("product", rows)) == {1: ["ambiguous_local_time"]}


def test_s56_an_hour_that_does_not_exist() -> None:
    assert local("2026-03-29 02:30:00") == (None, False, True)
    rows = {"product_id": ["P"], "title": ["T"], "effective_at": ["2026-03-29 02:30:00"]}
    assert rejects(judged("product", rows)) == {1: ["nonexistent_local_time"]}


def test_s57_microseconds_apart() -> None:
    texts = pl.Series(["1763817459.123456", "1763817459.123457", "1763817459.1234579"])
    first, second, third = to_utc(texts, ("epoch_s",), layout()).values
    assert (second - first).microseconds == 1
    assert third == second
    # Milliseconds are what the source declares, never what the size suggests.
    declared = to_utc(pl.Series(["1763817459123"]), ("epoch_ms",), layout()).values
    assert declared[0] == datetime(2025, 11, 22, 13, 17, 39, 123000, tzinfo=UTC)


def test_s58_a_date_is_the_start_of_that_day_in_the_zone() -> None:
    start, _, _ = local("2026-07-14")
    assert start == datetime(2026, 7, 13, 22, tzinfo=UTC)
    later, _, _ = local("2026-07-14 09:00:00")
    assert later is not None
    assert start < later


@pytest.mark.parametrize("text", ["20226-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2999-01-01"])
def test_s60_absurd_dates_are_rejected(text: str) -> None:
    rows = {"product_id": ["P"], "title": ["T"], "effective_at": [text]}
    (codes,) = rejects(judged("product", rows)).values()
    assert codes in (["timestamp_out_of_bounds"], ["bad_timestamp"])


def test_s72_a_number_that_was_a_text() -> None:
    found, hashes = said("offer", OFFER, OFFER | {"unit_price": "cheap"})
    assert len(hashes) == 1
    assert rejects(found) == {2: ["not_a_number"]}
    comma = {"dialect": {"decimal": ","}}
    is_no_change("offer", OFFER | {"unit_price": "19,90"}, OFFER | {"unit_price": "19,9"}, **comma)
