"""The job that binds facts anew: a transaction a month, newest first; killed and gone on with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql
from tests import marketplace
from tests.crash.conftest import command, kill_group, wait_until, waiters
from tests.history.timeline import (
    DECO,
    MAISON,
    Market,
    customer,
    offer,
    open_market,
    product,
    sale,
    visit,
)
from tests.warehouse_state import differences, portable

from shopnow.kernel import connect
from shopnow.kernel.server import drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = pytest.mark.crash
DAYS = ("2025-01-20", "2025-02-20", "2025-03-05")


@pytest.fixture
def market(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """Give a marketplace with sales, offers and visits of three months, and late statements."""
    with open_market(test_server, tmp_path_factory.mktemp("killed")) as opened:
        opened.tell(product("S", "P", "2025-01-01", MAISON), customer("K", "2025-01-01", "FR"))
        opened.tell(
            *(sale("S", "P", day, customer="K") for day in DAYS),
            *(offer("S", "P", day, str(place)) for place, day in enumerate(DAYS, 5)),
            *(visit("S", "P", day) for day in DAYS),
        )
        late = (product("S", "P", "2025-01-10", DECO), customer("K", "2025-01-10", "BE"))
        marketplace.deliver(opened.settings, late, opened.outbox)
        yield opened


def test_killed_in_its_second_month_it_goes_on_where_it_stopped(
    market: Market, tmp_path: Path
) -> None:
    undisturbed = marketplace.copy_of(market.settings, tmp_path / "undisturbed")
    marketplace.run(undisturbed)
    expected = portable(undisturbed)
    drop_database(market.settings, undisturbed.database)
    with (
        connect(market.settings, None, autocommit=False) as holder,
        command(market.settings, "run") as process,
    ):
        holder.execute("SELECT 1 FROM dwh.fact_order WHERE order_on = '2025-02-20' FOR UPDATE")
        wait_until(lambda: waiters(market.settings) == 1, process, "held in February")
        kill_group(process)
        holder.rollback()

    # The load is whole, March follows it, February and January do not yet.
    first, second = market.products("S", "P")
    assert [line["product_key"] for line in market.lines("S")] == [
        first["product_key"], first["product_key"], second["product_key"],
    ]  # fmt: skip
    assert _months(market) == {date(2025, 3, 1)}
    (progress,) = market.ask("SELECT before_month FROM history.retie_progress")
    assert progress["before_month"] == date(2025, 3, 1)
    # As-was read by time is right meanwhile.
    read = market.ask(
        "SELECT version.category_id FROM dwh.fact_order AS line"
        " JOIN dwh.dim_product AS bound USING (seller_no, product_key)"
        " JOIN dwh.dim_product AS version ON version.seller_no = bound.seller_no"
        " AND version.product_id = bound.product_id AND version.valid_from <= line.ordered_at"
        " AND line.ordered_at < version.valid_to"
    )
    assert [row["category_id"] for row in read] == ["maison-deco"] * 3

    report = marketplace.run(market.settings)

    assert (report.retied.months, report.published) == (2, [])
    state = portable(market.settings)
    assert state == expected, differences(expected, state)
    assert _months(market) == {date(2025, month, 1) for month in (1, 2, 3)}
    # Of the product a line, an offer and a click a month, of the customer a line and a header.
    assert sorted(row["facts"] for row in market.ask("SELECT facts FROM history.retie")) == [
        2, 2, 2, 3, 3, 3,
    ]  # fmt: skip
    for table in ("retie_due", "retie_progress"):
        whole = sql.SQL("SELECT * FROM {}").format(sql.Identifier("history", table))
        assert market.ask(whole) == []


def test_what_comes_while_a_job_waits_is_done_by_the_next_one(market: Market) -> None:
    with (
        connect(market.settings, None, autocommit=False) as holder,
        command(market.settings, "run") as process,
    ):
        holder.execute("SELECT 1 FROM dwh.fact_order WHERE order_on = '2025-01-20' FOR UPDATE")
        wait_until(lambda: waiters(market.settings) == 1, process, "held in January")
        kill_group(process)
        holder.rollback()
    # Another late statement: March again, and January of the job that was killed.
    report = market.tell(product("S", "P", "2025-03-01", MAISON))
    assert report.retied.months == 2
    versions = market.products("S", "P")
    assert [line["product_key"] for line in market.lines("S")] == [
        versions[1]["product_key"], versions[1]["product_key"], versions[2]["product_key"],
    ]  # fmt: skip
    assert [line["category_id"] for line in market.lines("S")] == [
        "maison-deco", "maison-deco", "maison",
    ]  # fmt: skip


def _months(market: Market) -> set[Any]:
    return {row["month"] for row in market.ask("SELECT DISTINCT month FROM history.retie")}
