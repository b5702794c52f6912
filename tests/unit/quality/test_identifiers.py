"""Identifiers: what a spreadsheet did is undone where one reading is left, else refused by name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from shopnow.quality import Bench, judge
from shopnow.sources import Field, RecordMap, Source, load_contracts

if TYPE_CHECKING:
    from shopnow.quality import Judged

CONTRACTS = load_contracts(Path(__file__).parents[3] / "contracts")
AT = datetime(2026, 2, 1, tzinfo=UTC)


def judged(place: str, value: str, **more: str) -> Judged:
    """The verdict on one record whose other attributes are fine."""
    kind, name = place.split(".")
    fine = {
        "seller": {"seller_id": "S1", "seller_name": "Une"},
        "product": {"product_id": "P1", "title": "Vase"},
        "offer": {"product_id": "P1", "unit_price": "1", "currency": "EUR"},
        "order": {"order_id": "O1"},
    }[kind]
    cells = {**fine, **more, name: value}
    source = Source(
        name="x", sender="platform", system="x",
        feed={"seller": "sellers", "order": "orders"}.get(kind, "products"), format="csv",
        records=(RecordMap(kind, {one: Field(paths=(one,)) for one in cells}),),
    )  # fmt: skip
    frame = pl.DataFrame(
        {"line_no": [2], "item_no": [0], "record_no": [1], **{k: [v] for k, v in cells.items()}}
    )
    return judge(frame, CONTRACTS.kinds[kind], Bench(source, AT, {}))


@pytest.mark.parametrize(
    ("place", "sent", "kept", "rule"),
    [
        ("product.gtin", "4006381333931", "4006381333931", None),
        ("product.gtin", "'4006381333931", "4006381333931", "leading_apostrophe"),
        ("product.gtin", "400 6381 333931", "4006381333931", "identifier_grouping"),
        ("product.gtin", "4006381333931.0", "4006381333931", "identifier_grouping"),
        ("product.gtin", "12345678905", "012345678905", "gtin_padded"),
        ("product.gtin", "5012345", None, "bad_gtin"),
        ("product.gtin", "3,76012E+12", None, "number_cut_by_spreadsheet"),
        ("product.gtin", "1234567890123", None, "bad_gtin"),
        ("product.product_id", "'00042", "00042", "leading_apostrophe"),
        ("product.product_id", "1.23457E+11", None, "number_cut_by_spreadsheet"),
        ("product.product_id", "12E5", "12E5", None),
        ("product.title", "<b>V&eacute;lo</b>  pliant", "Vélo pliant", "html_removed"),
        ("product.title", "Câble < 2 m & R&D", "Câble < 2 m & R&D", None),
        ("seller.legal_id", "732 829 320", "732829320", "identifier_grouping"),
        ("seller.legal_id", "732829321", None, "bad_legal_id"),
        ("seller.legal_id", "73282932000074", "73282932000074", None),
        ("seller.legal_id", "73282932000075", None, "bad_legal_id"),
        ("seller.legal_id", "FR 40 303 265 045", "FR40303265045", "identifier_grouping"),
        ("seller.legal_id", "DE136695977", None, "bad_legal_id"),
        ("seller.legal_id", "HRB 134306", "HRB 134306", None),
        ("seller.legal_id", "SC123456", "SC123456", None),
    ],
)
def test_an_identifier_is_mended_or_refused(
    place: str, sent: str, kept: str | None, rule: str | None
) -> None:
    found = judged(place, sent)
    codes = {
        *found.rejects.explode("rule_codes", "columns")["rule_codes"].to_list(),
        *found.warnings["rule_code"].to_list(), *found.cleanings["rule_code"].to_list(),
    }  # fmt: skip
    assert codes == ({rule} if rule else set())
    if kept is None:
        assert found.rejects.height == 1 or found.rows[place.split(".")[1]][0] is None
    else:
        assert found.rows[place.split(".")[1]][0] == kept


@pytest.mark.parametrize(
    ("shipped", "told"), [("2026-01-30T10:00:00Z", True), ("2026-01-31T10:00:01Z", False)]
)
def test_what_is_shipped_before_it_was_ordered_is_told(shipped: str, *, told: bool) -> None:
    found = judged("order.shipped_at", shipped, purchased_at="2026-01-31T10:00:00Z")
    assert found.rejects.is_empty()
    assert ("dates_out_of_order" in found.warnings["rule_code"].to_list()) is told
