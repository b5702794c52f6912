"""Rules over whole records: shapes, senders, times, totals."""

from __future__ import annotations

import polars as pl
import pytest
from tests.unit.quality.layouts import judged, layout, notes, rejects

from shopnow.quality import check_totals
from shopnow.sources import SourceError


def test_an_order_needs_one_of_the_times_its_layout_carries() -> None:
    rows = {
        "order_id": list("abc"), "said_at": ["2025-12-01T10:00:00Z", None, " "],
        "purchased_at": [None, "2025-12-01T10:00:00Z", None],
    }  # fmt: skip
    assert rejects(judged("order", rows)) == {3: ["missing_value"]}
    # A layout without times dates its orders by the delivery.
    assert rejects(judged("order", {"order_id": ["a"]})) == {}


def test_an_offer_needs_a_product_or_another_systems_key_of_it() -> None:
    rows = {"product_id": ["a", None, ""], "source_ref": [None, "43", None]}
    assert rejects(judged("offer", rows)) == {3: ["missing_value"]}


def test_what_is_missed_but_not_demanded_is_a_warning() -> None:
    seller = {"seller_id": ["a"], "seller_name": ["A"], "effective_at": [None]}
    assert notes(judged("seller", seller).warnings) == [(1, "missing_time")]
    order = {"order_id": ["a"], "customer_id": [""]}
    assert notes(judged("order", order).warnings) == [(1, "missing_customer")]
    click = {
        "event_at": ["2025-12-01T10:00:00Z"], "event_type": ["view_page"], "session_id": [None],
        "url": [""], "ip": ["999.1.1.1"],
    }  # fmt: skip
    assert notes(judged("click", click).warnings) == [
        (1, "bad_ip"), (1, "missing_session"), (1, "missing_url"),
    ]  # fmt: skip


def test_an_object_of_no_known_member_is_told_from_one_of_empty_members() -> None:
    found = judged("product", {"product_id": [None, ""], "title": [None, ""]})
    assert rejects(found) == {
        1: ["missing_value", "missing_value", "unknown_shape"],
        2: ["missing_value", "missing_value"],
    }  # fmt: skip


def test_a_line_without_any_header_dates_itself() -> None:
    line = {
        "order_id": ["a", "b"], "product_id": ["p", "p"], "quantity": ["1", "1"],
        "unit_price": ["2", "2"], "currency": ["EUR", "EUR"],
        "ordered_at": ["2025-12-01T10:00:00Z", ""],
    }  # fmt: skip
    assert rejects(judged("item", line)) == {2: ["missing_value"]}


def test_a_source_may_lack_the_price_of_a_line_and_nothing_else() -> None:
    line = {
        "order_id": ["a", "b", ""], "product_id": ["p", "p", "p"], "quantity": ["1", "1", "1"],
        "unit_price": ["", "2", ""], "currency": ["EUR", "EUR", "EUR"],
        "ordered_at": ["2025-12-01T10:00:00Z"] * 3,
    }  # fmt: skip
    assert rejects(judged("item", line)) == {
        1: ["missing_value"],
        3: ["missing_value", "missing_value"],
    }
    found = judged("item", line, may_lack=["unit_price"])
    assert rejects(found) == {3: ["missing_value"]}
    assert notes(found.warnings) == [(1, "left_empty")]
    assert found.rows["unit_price"].to_list() == [None, "2"]
    # A price that is there and no number stays a reject.
    word = line | {"unit_price": ["gratuit", "2", "3"]}
    assert rejects(judged("item", word, may_lack=["unit_price"]))[1] == ["not_a_number"]


def test_only_what_a_table_can_hold_as_null_may_be_lacking() -> None:
    with pytest.raises(SourceError, match="may_lack names 'quantity'"):
        layout("item", may_lack=["quantity"])


def test_a_sender_speaks_for_itself_alone() -> None:
    rows = {"product_id": ["a", "b"], "title": ["A", "B"], "seller_id": ["s9", ""]}
    assert rejects(judged("product", rows, sender="S1")) == {1: ["foreign_seller"]}


def test_a_rejected_record_is_not_warned_of() -> None:
    found = judged("order", {"order_id": ["", "b"], "customer_id": ["", ""]})
    assert rejects(found) == {1: ["missing_value"]}
    assert notes(found.warnings) == [(2, "missing_customer")]


def test_a_total_is_checked_to_the_cent_and_only_where_the_order_is_whole() -> None:
    lines = ["1", "2", "3", "4"]
    order = judged("order", {"order_id": lines, "declared_total": ["0.3", "0.31", "0.32", "9"]})
    item = judged("item", {
        "order_id": lines, "product_id": lines, "currency": ["EUR"] * 4,
        "quantity": ["3", "3", "3", "0"], "unit_price": ["0.1"] * 4,
    })  # fmt: skip
    fields = {"order_id": "id", "declared_total": "total"}
    nested = layout("order", records={
        "order": {"fields": fields},
        "item": {"each": "items", "fields": {"product_id": "sku"}},
    })  # fmt: skip
    found = check_totals({"order": order, "item": item}, nested)
    assert notes(found["order"].warnings) == [(3, "total_mismatch")]
    assert found["order"].failed == {"total_mismatch": 1}
    flat = layout("order", fields)
    assert check_totals({"order": order, "item": item}, flat)["order"] is order


def test_children_of_a_rejected_record_are_rejected_with_it() -> None:
    found = judged("item", {
        "order_id": ["a", "b"], "product_id": ["a", "b"], "currency": ["EUR"] * 2,
        "quantity": ["1", "1"], "unit_price": ["1", "1"],
    }, parents=pl.Series([2]))  # fmt: skip
    assert rejects(found) == {2: ["parent_rejected"]}
