"""The five pillars: bounds learned by weekday, and what a delivery out of them is called."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

import pytest
from tests.market import FIRST_DAY, good

from shopnow.kernel import connect
from shopnow.pipeline import pillars_at

if TYPE_CHECKING:
    from tests.market import Market

    from shopnow.pipeline import Pillar

pytestmark = pytest.mark.integration


def seen(market: Market, seller: str, at: datetime | None = None) -> dict[tuple[str, str], Pillar]:
    with connect(market.settings) as conn:
        found = pillars_at(conn, at or market.now, "Europe/Paris", [market.number(seller)])
    return {(one.pillar, one.subject): one for one in found}


def past(market: Market, seller: str, counts: dict[int, int]) -> None:
    """Days of a seller as the mart holds them: records by day."""
    with connect(market.settings) as conn:
        for day, records in counts.items():
            conn.execute(
                "INSERT INTO mart.seller_quality (seller_no, date_on, feed, deliveries, lines,"
                " records, accepted, rejected, duplicate, unreadable, batch_no,"
                " refreshed_at) VALUES (%s, %s, 'products', 1, 0, %s, 0, 0, 0, 0, 0, %s)",
                (market.number(seller), (FIRST_DAY + timedelta(days=day)).date(), records,
                 market.now),
            )  # fmt: skip


def test_bounds_are_medians_of_the_weekday(market: Market) -> None:
    # Day 0 is a Monday: many records on Mondays, few on other days, and growing.
    counts = {day: 400 + day if day % 7 == 0 else 10 + day for day in range(29)}
    past(market, "Q01", counts)
    market.day = 28
    found = seen(market, "Q01")["volume", "records"]
    mondays = [counts[day] for day in (0, 7, 14, 21)]
    assert (found.expected, found.samples) == (median(mondays), 4)
    assert (found.lowest, found.highest) == (median(mondays) / 2, median(mondays) * 2)
    assert (found.value, found.state) == (428, "good")
    market.day = 27
    sunday = seen(market, "Q01")["volume", "records"]
    assert (sunday.expected, sunday.value) == (median(counts[day] for day in (6, 13, 20)), 37)
    market.day = 29
    nothing = seen(market, "Q01")["volume", "records"]
    assert (nothing.value, nothing.state) == (None, "no_data"), "no data is never good"


def test_with_few_of_a_weekday_all_days_count_and_with_few_days_nothing_does(
    market: Market,
) -> None:
    past(market, "Q02", {0: 10, 1: 10, 4: 30, 7: 900})
    market.day = 7
    found = seen(market, "Q02")["volume", "records"]
    assert (found.expected, found.samples, found.state) == (10, 3, "odd")
    market.day = 4
    learning = seen(market, "Q02")["volume", "records"]
    assert (learning.expected, learning.lowest, learning.state) == (None, None, "learning")


def test_a_seller_that_sends_every_day_until_something_changes(market: Market) -> None:
    for day in range(5):
        market.day = day
        market.receives("Q03-products", *good("Q03", 20))
        market.receives("Q03-offers", *(f"A{n},{20 + n}.00,3" for n in range(20)))
        market.runs()
    calm = seen(market, "Q03")
    assert {pillar for pillar, _ in calm} == {
        "freshness", "volume", "schema", "completeness", "distribution",
    }  # fmt: skip
    assert {one.state for one in calm.values()} == {"good"}

    market.day = 5
    head = "seller,sku,title,category,status,colour"
    market.receives(
        "Q03-products", *(f"Q03,A{n},Vase {n},Maison,active,red" for n in range(60)), head=head
    )
    market.receives("Q03-offers", *(f"A{n},{20 + n}00.00,3" for n in range(20)))
    market.runs()
    odd = {
        (one.feed, one.pillar, one.subject)
        for one in seen(market, "Q03").values() if one.state == "odd"
    }  # fmt: skip
    assert ("offers", "distribution", "offer.unit_price") in odd
    assert seen(market, "Q03")["completeness", "product.title"].state == "good"
    with connect(market.settings) as conn:
        found = {
            (one.feed, one.pillar): one.state
            for one in pillars_at(conn, market.now, "Europe/Paris", [market.number("Q03")])
            if one.pillar in ("volume", "schema")
        }
    assert found == {
        ("products", "volume"): "odd", ("products", "schema"): "odd",
        ("offers", "volume"): "good", ("offers", "schema"): "good",
    }  # fmt: skip
    # A day and a half later nothing has come: late, against a usual gap of a day.
    late = seen(market, "Q03", market.now + timedelta(hours=38))["freshness", "hours"]
    assert (late.expected, late.value, late.state) == (24, 38, "odd")
