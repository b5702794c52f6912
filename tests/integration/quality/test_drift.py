"""Columns that come, go or change their nature are told, alone or among small deliveries."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from tests.market import OFFERS, PRODUCTS, good

from shopnow.deliverables import Cell, Page, write_workbook
from shopnow.kernel import connect
from shopnow.pipeline import decide, plan_decision

if TYPE_CHECKING:
    from pathlib import Path

    from tests.market import Market

pytestmark = pytest.mark.integration


def told(market: Market, key: int) -> set[tuple[str, str]]:
    """Pairs of code and column that the sender of a delivery is told about its layout."""
    rows = market.ask(
        "SELECT rule_code, column_name FROM quality.warning"
        " WHERE delivery_key = %s AND line_no = 0 AND rule_code <> 'absence_unproven'",
        key,
    )
    return {(row["rule_code"], row["column_name"]) for row in rows}


def test_new_gone_and_retyped_columns_of_a_file(market: Market) -> None:
    first = market.receives("Q01-offers", *(f"A{n},{n}.50,{n}" for n in range(30)))
    market.runs()
    assert told(market, first) == set()
    head = "sku,price,colour,ada@s1.test"
    second = market.receives(
        "Q01-offers", *(f"A{n},2025-01-{n + 1:02d},red,x" for n in range(30)), head=head
    )
    market.runs()
    assert told(market, second) == {
        ("new_column", "colour"), ("new_column", "(nom masqué)"), ("retyped_column", "price"),
        ("schema_drift", "stock_quantity"),
    }  # fmt: skip
    (event,) = [e for e in market.events("schema_drift") if e["delivery_key"] == second]
    assert (event["type"], event["level"]) == ("qualite", "WARNING")
    assert "ada@s1.test" not in json.dumps(event["payload"])
    third = market.receives("Q01-offers", *(f"A{n},{n}.50,{n}" for n in range(30)))
    market.runs()
    # Back to numbers: another change; what is read is never news.
    assert told(market, third) == {("retyped_column", "price")}
    found = market.ask("SELECT drifted FROM quality.judgement WHERE delivery_key = %s", second)
    assert found == [{"drifted": 4}]


def test_small_deliveries_together_are_told_the_same(market: Market) -> None:
    heads = [PRODUCTS, f"{PRODUCTS},colour", f"{PRODUCTS},colour", "seller,sku,title", PRODUCTS]
    ends = ["", ",red", ",red", None, ""]
    keys = []
    for number, (head, end) in enumerate(zip(heads, ends, strict=True)):
        lines = good("Q02", 3, sku=f"N{number}-")
        lines = [",".join(line.split(",")[:3]) if end is None else line + end for line in lines]
        keys.append(market.receives("Q02-products", *lines, head=head))
    heard: list[str] = []
    market.runs(heard.append)
    assert any("5 petites livraisons" in line for line in heard)
    gone = {("schema_drift", name) for name in ("brand", "source_category", "status")}
    assert [told(market, key) for key in keys] == [
        set(), {("new_column", "colour")}, set(), gone, set(),
    ]  # fmt: skip
    counted = market.ask(
        "SELECT delivery_key, rule_code, failed FROM quality.rule_result"
        " WHERE rule_code IN ('new_column', 'schema_drift') AND delivery_key = ANY(%s)"
        " ORDER BY 1", keys,
    )  # fmt: skip
    assert [tuple(row.values()) for row in counted] == [
        (keys[1], "new_column", 1), (keys[3], "schema_drift", 3),
    ]  # fmt: skip


def test_a_number_that_becomes_words_is_seen_in_few_lines(market: Market) -> None:
    market.receives("Q03-offers", *(f"A{n},{n}.50,{n}" for n in range(30)))
    market.runs()
    keys = [
        market.receives("Q03-offers", *(f"A{n},{n}.50,beaucoup" for n in range(6)))
        for _ in range(2)
    ]
    market.runs()
    assert told(market, keys[0]) == {("retyped_column", "stock")}


def test_members_of_objects(market: Market) -> None:
    def lines(*names: str) -> list[str]:
        return [json.dumps({"sku": f"A{n}", "price": n} | dict.fromkeys(names, n))
                for n in range(25)]  # fmt: skip

    keys = []
    for names in (("stock",), ("stock", "note"), ("note",), ("stock", "note")):
        keys.append(market.receives("Q04-stream", *lines(*names)))
        market.runs()
    assert [told(market, key) for key in keys] == [
        set(), {("new_column", "note")}, {("schema_drift", "stock_quantity")}, set(),
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["xlsx", "parquet", "xml", "json"])
def test_every_format(market: Market, tmp_path: Path, form: str) -> None:
    seller = {"xlsx": "Q05", "parquet": "Q06", "xml": "Q07", "json": "Q08"}[form]
    where = {"xml": "dialect: {record: all/one}\n", "json": 'dialect: {record: "all"}\n'}
    source = (
        f"name: {seller}-any\nsender: {seller}\nsystem: bazar\nfeed: offers\nformat: {form}\n"
        f"{where.get(form, '')}records:\n  offer:\n    fields: {{product_id: sku, unit_price: "
        "price, currency: {const: EUR}, stock_quantity: stock}\n"
    )
    path = market.settings.home / "sources" / seller / f"{seller}-any.yaml"
    path.write_text(source, "utf-8")
    plain = {"sku": [f"A{n}" for n in range(25)], "price": ["9.50"] * 25, "stock": ["3"] * 25}
    keys = []
    for columns in (plain, plain | {"colour": ["red"] * 25}):
        keys.append(market.receives_bytes(f"{seller}-any", _file(form, columns, tmp_path)))
        market.runs()
    assert [market.state(key) for key in keys] == ["published", "published"]
    assert [told(market, key) for key in keys] == [set(), {("new_column", "colour")}]


def _file(form: str, columns: dict[str, list[str]], folder: Path) -> bytes:
    frame = pl.DataFrame(columns)
    rows = frame.to_dicts()
    if form == "parquet":
        frame.write_parquet(folder / "file")
        return (folder / "file").read_bytes()
    if form == "json":
        return json.dumps({"all": rows}).encode()
    if form == "xml":
        body = "".join(
            "<one>" + "".join(f"<{k}>{v}</{k}>" for k, v in row.items()) + "</one>" for row in rows
        )
        return f"<all>{body}</all>".encode()
    cells = [[Cell(text) for text in row] for row in (list(columns), *(r.values() for r in rows))]
    made = io.BytesIO()
    write_workbook(made, [Page("offers", cells)])
    return made.getvalue()


def test_a_delivery_judged_anew_is_told_what_it_was_told(market: Market) -> None:
    market.receives("Q09-offers", *(f"A{n},{n}.50,{n}" for n in range(30)))
    market.runs()
    bad = (f"A{n},{n}.50,lots,red" for n in range(30))
    key = market.receives("Q09-offers", *bad, head=f"{OFFERS},colour")
    assert list(market.runs().held) == [key]
    before = told(market, key)
    assert before == {("new_column", "colour"), ("retyped_column", "stock")}
    with market.context() as context, connect(market.settings) as conn:
        decide(context, conn, plan_decision(conn, key, "approved"), "ada")
    assert market.runs().published == [key]
    assert told(market, key) == before
