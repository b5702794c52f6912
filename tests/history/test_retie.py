"""Facts follow the histories that change under them: S07, S08, S10, S26, S27, S61, S62.

Through the whole pipeline: a run loads a statement that comes late or corrects another, then its
re-tie job binds the facts anew and journals what it did.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from psycopg import sql
from tests.history.timeline import (
    CUISINE,
    DECO,
    MAISON,
    Market,
    at,
    customer,
    offer,
    open_market,
    product,
    sale,
    seller,
    visit,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration
MARCH = "2025-03-01"


@pytest.fixture(scope="module")
def market(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Give one marketplace for all cases of this file; each has keys of its own."""
    with open_market(test_server, tmp_path_factory.mktemp("retie")) as opened:
        yield opened


def test_s07_a_late_statement_between_two_takes_the_facts_of_its_time(market: Market) -> None:
    market.tell(product("S07", "P", 1, MAISON))
    market.tell(product("S07", "P", 5, DECO))
    market.tell(
        *(sale("S07", "P", day) for day in (2, 4, 6)),
        *(offer("S07", "P", day, price) for day, price in ((2, "5"), (4, "6"), (6, "7"))),
        *(visit("S07", "P", day) for day in (2, 4, 6)),
    )
    before = market.products("S07", "P")

    report = market.tell(product("S07", "P", 3, CUISINE))

    a, b, c = market.products("S07", "P")
    assert [a["product_key"], c["product_key"]] == [v["product_key"] for v in before]
    lines = market.lines("S07")
    assert [line["product_key"] for line in lines] == [v["product_key"] for v in (a, b, c)]
    assert [line["category_id"] for line in lines] == ["maison", "maison-cuisine", "maison-deco"]
    bound = sql.SQL("SELECT product_key FROM {} WHERE seller_no = %s ORDER BY {}")
    for fact, moment in (("fact_offer", "observed_at"), ("fact_clickstream", "event_at")):
        rows = market.ask(
            bound.format(sql.Identifier("dwh", fact), sql.Identifier(moment)), market.number("S07")
        )
        assert [row["product_key"] for row in rows] == [v["product_key"] for v in (a, b, c)]
    # A line, an offer and a click of day 4.
    assert market.reties("product", "S07", "P") == [(a["product_key"], b["product_key"], MARCH, 3)]
    assert (report.retied.months, report.retied.facts) == (1, 3)
    assert market.ask("SELECT * FROM history.retie_due") == []


def test_s08_what_was_before_the_first_version_takes_the_facts_before_it(market: Market) -> None:
    market.tell(sale("S08", "P", 3), sale("S08", "P", 6))
    market.tell(product("S08", "P", 5, DECO))
    (first,) = market.products("S08", "P")
    # Before its first version a fact is bound to the first: assumed.
    assert {line["product_key"] for line in market.lines("S08")} == {first["product_key"]}
    assert {line["category_id"] for line in market.lines("S08")} == {"maison-deco"}

    market.tell(product("S08", "P", 2, MAISON))

    z, a = market.products("S08", "P")
    assert a["product_key"] == first["product_key"]
    lines = market.lines("S08")
    assert [line["product_key"] for line in lines] == [z["product_key"], a["product_key"]]
    assert [line["category_id"] for line in lines] == ["maison", "maison-deco"]
    assert (a["product_key"], z["product_key"], MARCH, 1) in market.reties("product", "S08", "P")


def test_s10_a_statement_equal_to_its_successor_moves_the_boundary(market: Market) -> None:
    market.tell(product("S10", "P", 1, MAISON))
    market.tell(product("S10", "P", 4, DECO))
    market.tell(sale("S10", "P", 2), sale("S10", "P", 3), sale("S10", "P", 5))
    a, b = market.products("S10", "P")

    market.tell(product("S10", "P", 3, DECO))

    now = market.products("S10", "P")
    assert [v["product_key"] for v in now] == [a["product_key"], b["product_key"]]
    assert now[1]["valid_from"] == at(3)
    assert [line["product_key"] for line in market.lines("S10")] == [
        a["product_key"], b["product_key"], b["product_key"],
    ]  # fmt: skip
    assert market.reties("product", "S10", "P") == [(a["product_key"], b["product_key"], MARCH, 1)]


def test_s26_a_late_fact_is_bound_at_its_load(market: Market) -> None:
    market.tell(product("S26", "P", 1, MAISON))
    market.tell(product("S26", "P", 5, DECO), seller("S26", 1), seller("S26", 5, commission="10"))

    market.tell(sale("S26", "P", 2))

    (line,) = market.lines("S26")
    assert line["product_key"] == market.products("S26", "P")[0]["product_key"]
    assert line["seller_key"] == market.sellers("S26")[0]["seller_key"]
    assert line["commission_amount"] == Decimal(15)
    assert market.reties("product", "S26", "P") == []


def test_s27_a_fact_before_everything_ends_alike_in_either_order(market: Market) -> None:
    market.tell(sale("S27A", "P", "2025-01-15"))
    market.tell(product("S27A", "P", 5, DECO))
    market.tell(product("S27B", "P", 5, DECO))
    market.tell(sale("S27B", "P", "2025-01-15"))

    for code in ("S27A", "S27B"):
        (line,) = market.lines(code)
        (only,) = market.products(code, "P")
        assert line["product_key"] == only["product_key"]
        assert line["category_id"] == "maison-deco"


def test_s62_a_start_that_was_wrong_moves_and_both_keys_stay(market: Market) -> None:
    market.tell(seller("S62", 1))
    market.tell(seller("S62", 4, status="suspended"))
    market.tell(sale("S62", "P", 3))
    a, b = market.sellers("S62")

    market.tell(seller("S62", 3, status="suspended"))

    now = market.sellers("S62")
    assert [v["seller_key"] for v in now] == [a["seller_key"], b["seller_key"]]
    (line,) = market.lines("S62")
    assert line["seller_key"] == b["seller_key"]
    number = str(market.number("S62"))
    assert market.reties("seller", "S62", number) == [(a["seller_key"], b["seller_key"], MARCH, 1)]


def test_s61_a_corrected_rate_lists_commissions_and_changes_none(market: Market) -> None:
    market.tell(seller("S61", 1, commission="15"), when=at(1, "12:00"))
    market.tell(sale("S61", "P", 1), sale("S61", "P", 4), sale("S61", "P", 6, price="33.33"))
    charged = [line["commission_amount"] for line in market.lines("S61")]
    assert charged == [Decimal(15), Decimal(15), Decimal("4.9995")]

    market.tell(seller("S61", 2, commission="12"))

    lines = market.lines("S61")
    assert [line["commission_amount"] for line in lines] == charged
    old, new = market.sellers("S61")
    assert [line["seller_key"] for line in lines] == [
        old["seller_key"], new["seller_key"], new["seller_key"],
    ]  # fmt: skip
    listed = (
        "SELECT order_id, commission_before, commission_after, delivery_key"
        " FROM history.commission_adjustment WHERE seller_no = %s ORDER BY adjustment_no"
    )
    rows = market.ask(listed, market.number("S61"))
    assert [(row["commission_before"], row["commission_after"]) for row in rows] == [
        (Decimal(15), Decimal(12)), (Decimal("4.9995"), Decimal("3.9996")),
    ]  # fmt: skip
    assert {row["delivery_key"] for row in rows} == {new["delivery_key"]}

    # What was believed meanwhile is still told.
    believed = "SELECT commission_pct FROM dwh.seller_as_known_on(%s, %s, %s)"
    number = market.number("S61")
    assert market.ask(believed, number, at(4), at(5)) == [{"commission_pct": Decimal(15)}]
    assert market.ask(believed, number, at(4), at(11)) == [{"commission_pct": Decimal(12)}]

    # Corrected once more: what is listed goes on from what was listed last.
    market.tell(seller("S61", 3, commission="10"))
    rows = market.ask(listed, market.number("S61"))[2:]
    assert [(row["commission_before"], row["commission_after"]) for row in rows] == [
        (Decimal(12), Decimal(10)), (Decimal("3.9996"), Decimal("3.3330")),
    ]  # fmt: skip
    assert [line["commission_amount"] for line in market.lines("S61")] == charged


def test_s61_a_commission_that_the_platform_said_is_its_word(market: Market) -> None:
    market.tell(seller("S61P", 1, commission="15"), sale("S61P", "P", 4), sale("S61P", "P", 5))
    # As when the order itself said what was charged: no rate of this seller gives this amount.
    market.ask(
        "UPDATE dwh.fact_order SET commission_amount = 12.34"
        " WHERE seller_no = %s AND order_on = '2025-03-05' RETURNING 1",
        market.number("S61P"),
    )
    market.tell(seller("S61P", 2, commission="12"))
    rows = market.ask(
        "SELECT order_on, commission_after FROM history.commission_adjustment WHERE seller_no = %s",
        market.number("S61P"),
    )
    assert [(row["order_on"].day, row["commission_after"]) for row in rows] == [(4, Decimal(12))]


def test_a_version_that_vanishes_leaves_its_facts_with_the_one_that_holds(market: Market) -> None:
    """What orders say in passing stops to count when the feed of the customers speaks."""
    buyer = {"id": "KV", "country": "FR", "city": "Lyon"}
    market.tell(
        sale("SV", "P", 4, buyer=buyer), sale("SV", "P", 6, buyer=buyer | {"country": "DE"})
    )
    market.tell(customer("KV", 2, "BE"))
    lines = market.lines("SV")
    versions = market.ask(
        "SELECT * FROM dwh.dim_customer WHERE customer_no = %s", lines[0]["customer_no"]
    )
    assert len(versions) == 1
    assert {line["customer_key"] for line in lines} == {versions[0]["customer_key"]}
    assert {line["buyer_region"] for line in lines} == {"BE"}
    headers = market.ask(
        "SELECT customer_key FROM dwh.fact_order_header WHERE customer_no = %s",
        lines[0]["customer_no"],
    )
    assert {header["customer_key"] for header in headers} == {versions[0]["customer_key"]}
    moved = market.reties("customer", "", str(lines[0]["customer_no"]))
    assert {new for _, new, _, _ in moved} == {versions[0]["customer_key"]}


def test_a_corrected_place_reaches_lines_and_headers(market: Market) -> None:
    market.tell(customer("KC", 1, "FR"))
    market.tell(sale("SC", "P", 3, customer="KC"), sale("SC", "P", 6, customer="KC"))
    market.tell(customer("KC", 5, "BE"))
    lines = market.lines("SC")
    old, new = market.ask(
        "SELECT * FROM dwh.dim_customer WHERE customer_no = %s ORDER BY valid_from",
        lines[0]["customer_no"],
    )
    assert [line["customer_key"] for line in lines] == [old["customer_key"], new["customer_key"]]
    assert lines[1]["buyer_region"] == "BE"
    # The line and the header of day 6.
    moved = market.reties("customer", "", str(lines[0]["customer_no"]))
    assert moved == [(old["customer_key"], new["customer_key"], MARCH, 2)]


def test_clicks_find_their_product_when_it_comes(market: Market) -> None:
    market.tell(seller("SK", 1))
    market.tell(visit("SK", "P", 2), visit("SK", "P", 6))
    (waiting,) = market.ask(
        "SELECT * FROM history.click_unbound WHERE seller_no = %s", market.number("SK")
    )
    assert (waiting["product_id"], waiting["first_at"], waiting["last_at"]) == (
        "P", at(2, "09:30"), at(6, "09:30"),
    )  # fmt: skip

    market.tell(product("SK", "P", 1, MAISON), product("SK", "P", 4, DECO))

    clicks = market.ask(
        "SELECT product_key FROM dwh.fact_clickstream WHERE seller_no = %s ORDER BY event_at",
        market.number("SK"),
    )
    assert [row["product_key"] for row in clicks] == [
        version["product_key"] for version in market.products("SK", "P")
    ]
    assert (
        market.ask("SELECT * FROM history.click_unbound WHERE seller_no = %s", market.number("SK"))
        == []
    )


def test_marts_show_what_the_facts_show_after_the_job(market: Market) -> None:
    market.tell(product("SM", "P", 1, MAISON), sale("SM", "P", 4))
    (before,) = market.ask(
        "SELECT * FROM mart.seller_daily_sales WHERE seller_no = %s", market.number("SM")
    )
    market.tell(product("SM", "P", 3, DECO))
    (after,) = market.ask(
        "SELECT * FROM mart.seller_daily_sales WHERE seller_no = %s", market.number("SM")
    )
    assert after["batch_no"] > before["batch_no"]
    assert after["net_amount"] == before["net_amount"]
    (shown,) = market.ask(
        "SELECT * FROM mart.product_performance WHERE seller_no = %s", market.number("SM")
    )
    assert shown["category_id"] == "maison-deco"


def test_a_run_without_change_binds_nothing(market: Market) -> None:
    shipment = product("SN", "P", 1, MAISON)
    market.tell(shipment, sale("SN", "P", 4))
    before = market.ask("SELECT count(*) FROM history.retie")
    report = market.tell(sale("SN", "P", 5))
    assert report.retied.facts == 0
    assert market.ask("SELECT count(*) FROM history.retie") == before
