"""The quality score: computed again from exported rows by plain Python, for every grain."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.market import garbage, good

from shopnow.kernel import connect
from shopnow.pipeline import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.market import Market

pytestmark = pytest.mark.integration


@dataclass(frozen=True)
class Row:
    """One exported row of quality.judged_delivery: what a delivery was found to be."""

    seller_no: int
    feed: str
    day: date
    refused: bool
    content: int
    unreadable: int
    records: int
    rejected: int
    touched: int
    score: str


def exported(market: Market) -> list[Row]:
    """The rows as anybody exports them: a CSV file."""
    with connect(market.settings) as conn, conn.cursor() as cursor:
        text = io.StringIO()
        copy = "COPY (SELECT * FROM quality.judged_delivery) TO STDOUT (FORMAT csv, HEADER)"
        with cursor.copy(copy) as rows:
            for block in rows:
                text.write(bytes(block).decode())
    text.seek(0)
    return [
        Row(
            int(r["seller_no"]), r["feed"], date.fromisoformat(r["received_on"]),
            bool(r["refused_code"]), int(r["content"]), int(r["unreadable"]), int(r["records"]),
            int(r["rejected"]), int(r["touched"]), r["score"],
        )
        for r in csv.DictReader(text)
    ]  # fmt: skip


def score(rows: Iterable[Row]) -> str:
    """The formula of docs/qualite/score.md, in exact fractions; "" where nothing was sent."""
    rows = list(rows)
    readable = [row for row in rows if not row.refused]
    content = sum(row.content for row in rows)
    records = sum(row.records for row in rows)
    if not rows or (not content and len(readable) == len(rows)):
        return ""
    if not content or not records:
        return "0.00"
    passed = records - sum(row.rejected for row in rows)
    untouched = passed - sum(row.touched for row in rows)
    value = (
        100
        * Fraction(len(readable), len(rows))
        * Fraction(content - sum(row.unreadable for row in rows), content)
        * (Fraction(9 * passed, 10 * records) + Fraction(untouched, 10 * records))
    )
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def fill(market: Market) -> None:
    """Six weeks of deliveries of three sellers, each with its own way of being wrong."""
    pick = random.Random(11)  # noqa: S311 — examples, not secrets
    for day in (0, 1, 1, 5, 9, 20, 27, 28, 29, 40):
        market.day = day + pick.random() / 10
        for seller in ("Q01", "Q02"):
            lines = [
                *good(seller, pick.randint(1, 12)),
                *good(seller, pick.randint(0, 4), title=" Vase "),
                *garbage(seller, pick.randint(0, 3)),
                *["too,few"] * pick.randint(0, 3),
            ]
            market.receives(f"{seller}-products", *lines)
        market.receives("Q01-offers", f"A{day},{day}.50,3")
        if pick.random() < 0.4:
            market.receives_bytes("Q02-products", bytes(range(256)) * pick.randint(1, 9))
    market.receives("Q03-products")
    market.receives("Q04-products", "too,few", "too,few")
    market.runs()


@pytest.fixture(scope="module")
def filled(shared: Market) -> Market:
    fill(shared)
    return shared


def test_every_score_is_that_of_the_exported_rows(filled: Market) -> None:
    rows = exported(filled)
    assert len({row.score for row in rows}) > 10
    assert {row.score for row in rows} >= {"", "0.00", "100.00"}
    for row in rows:
        assert row.score == score([row]), row

    days = filled.ask("SELECT seller_no, feed, date_on, score FROM mart.seller_quality")
    assert len(days) > 20
    for day in days:
        key = (day["seller_no"], day["feed"], day["date_on"])
        own = [row for row in rows if (row.seller_no, row.feed, row.day) == key]
        assert score(own) == ("" if day["score"] is None else str(day["score"])), key

    sellers = filled.ask("SELECT * FROM quality.seller_score")
    assert len(sellers) > 15
    for one in sellers:
        since = one["date_on"] - timedelta(days=27)
        last = [
            row for row in rows
            if row.seller_no == one["seller_no"] and since <= row.day <= one["date_on"]
        ]  # fmt: skip
        assert score(last) == ("" if one["score"] is None else str(one["score"])), one
        assert one["judged"] == len(last)


def test_what_anybody_is_shown_is_that_score(filled: Market) -> None:
    with connect(filled.settings) as conn:
        found = standing_of(conn, "Q01", filled.now, "Europe/Paris")
    since = filled.now.date() - timedelta(days=27)
    number = filled.number("Q01")
    own = [r for r in exported(filled) if r.seller_no == number and r.day >= since]
    assert str(found.score) == score(own)
    assert found.days[0].date_on == filled.now.date()
    assert {"whitespace", "missing_value"} <= {rule.rule_code for rule in found.rules}


def test_the_mart_counts_what_was_touched_now_as_from_the_beginning(filled: Market) -> None:
    """A refresh of what a run touched gives what building the mart anew gives."""
    from shopnow.marts import load_marts, next_batch_no, refresh_all  # noqa: PLC0415 — here alone

    columns = (
        "SELECT seller_no, date_on, feed, deliveries, records, rejected, judged, refused, content,"
        " touched, drifted, replayed, score FROM mart.seller_quality ORDER BY 1, 2, 3"
    )
    before = filled.ask(columns)
    marts = [mart for mart in load_marts(filled.settings) if mart.name == "seller_quality"]
    with connect(filled.settings) as conn, conn.transaction():
        refresh_all(
            conn, marts, run_at=filled.now, batch_no=next_batch_no(conn), zone="Europe/Paris"
        )
    assert filled.ask(columns) == before


def test_the_example_of_the_page(filled: Market) -> None:
    page = (Path(__file__).parents[3] / "docs" / "qualite" / "score.md").read_text("utf-8")
    assert "N = 2, F = 1, L = 100, U = 4, E = 96, R = 12, T = 20" in page
    (row,) = filled.ask("SELECT quality.score(2, 1, 100, 4, 96, 12, 20)::text AS score")
    assert f"= {row['score'].replace('.', ',')}\n" in page
