"""What the figures of each mart mean, on a handful of rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from shopnow.marts import MartResult, load_marts, refresh_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection
    from psycopg.rows import TupleRow

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

RUN_AT = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
FIFTH = date(2026, 1, 5)
JANUARY = date(2026, 1, 1)


def rebuilt(connection: Connection[TupleRow], settings: Settings) -> list[MartResult]:
    return refresh_all(
        connection, load_marts(settings), run_at=RUN_AT, batch_no=9, zone="Europe/Paris"
    )


def test_a_return_lowers_the_net_amount_and_is_no_order(
    loaded: Connection[TupleRow], put: Callable[..., None], warehouse: Settings
) -> None:
    put("dwh.fact_order", customer_no=7)
    put("dwh.fact_order", line_no=2, quantity=2, line_amount=20, customer_no=7)
    put("dwh.fact_order", order_id="R-1", quantity=-1, line_amount=-10, customer_no=8)
    put("dwh.fact_order", order_id="t:2", customer_no=-1, freight_amount=None)
    rebuilt(loaded, warehouse)
    rows = loaded.execute(
        "SELECT orders, lines, units, returned_units, gross_amount, returned_amount, net_amount,"
        " freight_amount, commission_amount, buyers, batch_no FROM mart.seller_daily_sales"
    ).fetchall()
    amounts = tuple(map(Decimal, (40, 10, 30, 6, 4)))
    assert rows == [(2, 4, 4, 1, *amounts, 1, 9)]


def test_currencies_are_never_added(
    loaded: Connection[TupleRow], put: Callable[..., None], warehouse: Settings
) -> None:
    put("dwh.fact_order")
    put("dwh.fact_order", line_no=2, currency="BRL", line_amount=3)
    rebuilt(loaded, warehouse)
    rows = loaded.execute(
        "SELECT currency, net_amount FROM mart.marketplace_daily ORDER BY currency"
    ).fetchall()
    assert rows == [("BRL", Decimal(3)), ("EUR", Decimal(10))]


def test_an_order_of_two_sellers_is_one_order_of_the_marketplace(
    loaded: Connection[TupleRow], put: Callable[..., None], warehouse: Settings
) -> None:
    put("dwh.fact_order", seller_no=0, customer_no=7)
    put("dwh.fact_order", seller_no=-1, customer_no=7)
    rebuilt(loaded, warehouse)
    rows = loaded.execute(
        "SELECT date_on, active_sellers, orders, lines, buyers FROM mart.marketplace_daily"
    ).fetchall()
    assert rows == [(FIFTH, 2, 1, 2, 1)]


def test_clicks_stand_on_the_main_currency_or_on_none(
    loaded: Connection[TupleRow], put: Callable[..., None], warehouse: Settings
) -> None:
    put("dwh.dim_product")
    put("dwh.dim_product", product_id="P2", product_key=2, title="Poêle")
    put("dwh.fact_order", order_id="t:1")
    put("dwh.fact_order", order_id="t:2", currency="BRL")
    put("dwh.fact_order", order_id="t:3", currency="EUR")
    for number, product_id in enumerate(("P1", "P1", "P2")):
        put("dwh.fact_clickstream", event_key=UUID(int=number), product_id=product_id)
    put("dwh.fact_clickstream", event_key=UUID(int=9), event_type="add_to_cart")
    rebuilt(loaded, warehouse)
    rows = loaded.execute(
        "SELECT product_id, month, currency, title, orders, views, carts"
        " FROM mart.product_performance ORDER BY product_id, currency"
    ).fetchall()
    assert rows == [
        ("P1", JANUARY, "BRL", "Casserole", 1, 0, 0),
        ("P1", JANUARY, "EUR", "Casserole", 2, 2, 1),
        ("P2", JANUARY, "XXX", "Poêle", 0, 1, 0),
    ]


def test_a_product_has_the_category_of_the_end_of_the_month(
    loaded: Connection[TupleRow], put: Callable[..., None], warehouse: Settings
) -> None:
    moved = datetime(2026, 2, 10, tzinfo=UTC)
    put("dwh.dim_product", valid_to=moved, is_current=False)
    put("dwh.dim_product", product_key=2, category_id="c2", valid_from=moved, version=2)
    put("dwh.fact_order", product_key=1)
    put("dwh.fact_order", order_on=date(2026, 2, 3), product_key=1)
    put("dwh.fact_order", order_on=date(2025, 12, 3), product_key=1)
    rebuilt(loaded, warehouse)
    rows = loaded.execute(
        "SELECT month, category_id FROM mart.product_performance ORDER BY month"
    ).fetchall()
    assert rows == [(date(2025, 12, 1), "c1"), (JANUARY, "c1"), (date(2026, 2, 1), "c2")]


def test_a_month_before_the_first_version_takes_the_first_version(
    loaded: Connection[TupleRow], put: Callable[..., None], warehouse: Settings
) -> None:
    first, second = (datetime(2026, month, 10, tzinfo=UTC) for month in (2, 3))
    put("dwh.dim_product", valid_from=first, valid_to=second, is_current=False)
    put("dwh.dim_product", product_key=2, category_id="c2", valid_from=second, version=2)
    put("dwh.fact_order")
    rebuilt(loaded, warehouse)
    rows = loaded.execute("SELECT category_id FROM mart.product_performance").fetchall()
    assert rows == [("c1",)]


def test_visitors_are_counted_once_a_day(
    loaded: Connection[TupleRow], put: Callable[..., None], warehouse: Settings
) -> None:
    kinds = ("view_page", "view_page", "add_to_cart", "checkout_start")
    for number, kind in enumerate(kinds):
        put(
            "dwh.fact_clickstream",
            event_key=UUID(int=number),
            event_type=kind,
            session_ref=f"s{number // 2}",
            user_ref="u1" if number else None,
        )
    rebuilt(loaded, warehouse)
    rows = loaded.execute(
        "SELECT views, carts, checkouts, sessions, identified_visitors"
        " FROM mart.seller_daily_traffic"
    ).fetchall()
    assert rows == [(2, 1, 1, 2, 1)]


def test_the_reject_rate_is_of_deliveries_that_ended(
    loaded: Connection[TupleRow], put: Callable[..., None], warehouse: Settings
) -> None:
    late_in_the_evening = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)
    put("staging.delivery", received_at=late_in_the_evening)
    put("staging.delivery", sha256=b"2", received_at=late_in_the_evening, state="staged")
    put(
        "staging.delivery",
        sha256=b"3",
        received_at=late_in_the_evening,
        state="refused",
        **dict.fromkeys(("lines", "records", "accepted", "rejected", "duplicate", "unreadable")),
    )
    rebuilt(loaded, warehouse)
    rows = loaded.execute(
        "SELECT date_on, feed, deliveries, lines, records, rejected, reject_rate_pct"
        " FROM mart.seller_quality"
    ).fetchall()
    assert rows == [(date(2026, 1, 6), "orders", 2, 10, 8, 2, Decimal(25))]


def test_stock_is_that_of_the_end_of_the_day_in_the_house_zone(
    loaded: Connection[TupleRow], put: Callable[..., None], warehouse: Settings
) -> None:
    for day, hour, stock in ((5, 8, 5), (5, 22, 4), (5, 23, 3), (9, 8, 9)):
        put(
            "dwh.fact_offer",
            observed_at=datetime(2026, 1, day, hour, 30, tzinfo=UTC),
            stock_quantity=stock,
        )
    rebuilt(loaded, warehouse)
    rows = loaded.execute(
        "SELECT date_on, stock_quantity FROM mart.stock_daily ORDER BY date_on"
    ).fetchall()
    assert rows == [(FIFTH, 4), (date(2026, 1, 6), 3), (date(2026, 1, 9), 9)]
    for day, expected in ((4, []), (5, [4]), (8, [3]), (31, [9])):
        found = loaded.execute(
            "SELECT stock_quantity FROM mart.stock_on(%s)", [date(2026, 1, day)]
        ).fetchall()
        assert [row[0] for row in found] == expected
