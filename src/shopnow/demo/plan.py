"""The conductor of the demo: writes every file day by day and gives the plan of their loading.

Within a day the order is that of a well-run platform: sellers, then goods, then prices, then what
was ordered, returned and looked at. The planted stories break that order where they say so.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from shopnow.demo.catalogue import Catalogue, make_catalogue
from shopnow.demo.clicks import click_lines
from shopnow.demo.customers import Customers, make_customers
from shopnow.demo.goods import GoodsSender
from shopnow.demo.layouts import LAYOUTS
from shopnow.demo.model import DayPlan, DemoCounts, DemoPlan, Scale
from shopnow.demo.order_shapes import event_lines
from shopnow.demo.orders import Orders, make_orders, make_returns
from shopnow.demo.outbox import Outbox
from shopnow.demo.platform import PlatformSender, return_lines
from shopnow.demo.sellers import Seller, make_sellers, statements_by_day
from shopnow.demo.sources import write_sources

if TYPE_CHECKING:
    from pathlib import Path


LinesByDay = dict[int, list[str]]


def generate(
    folder: Path,
    *,
    seed: int = 2026,
    days: int = 14,
    sellers: int = 40,
    products: int = 5000,
    orders: int = 30000,
    clicks: int = 200000,
    first_day: date = date(2026, 1, 5),
) -> DemoPlan:
    """Write the demo marketplace under `folder` and give the plan of its loading.

    Files lie under `folder/day-01` onwards, each day with its `labels.csv`, and the sources under
    `folder/sources/<sender>`. The same arguments always write the same bytes. Raises ValueError
    for a scale that is too small (fewer than 4 sellers, or than 2 products a seller).
    """
    scale = Scale(seed, days, sellers, products, orders, clicks, first_day)
    shops = make_sellers(scale)
    layouts = tuple(LAYOUTS[n % len(LAYOUTS)] for n in range(len(shops)))
    sources_dir = folder / "sources"
    sources = write_sources(sources_dir, shops, layouts)
    catalogue = make_catalogue(scale, shops)
    customers = make_customers(scale)
    placed = make_orders(scale, catalogue, customers)
    outbox = Outbox(folder, scale)
    goods = GoodsSender(scale, catalogue, layouts, outbox)
    plans = _write_days(scale, shops, goods, outbox, _platform_lines(
        scale, catalogue, customers, placed))  # fmt: skip
    stories = {**placed.stories, **_mover(customers, placed), **outbox.stories}
    counts = _counts(scale, placed, outbox, plans)
    return DemoPlan(folder, sources_dir, sources, plans, counts, stories)


def _platform_lines(
    scale: Scale, catalogue: Catalogue, customers: Customers, placed: Orders
) -> dict[str, LinesByDay]:
    returns = return_lines(make_returns(scale, placed), catalogue, customers)
    events = event_lines(placed, catalogue, customers).rename({"arrival": "day"})
    visits = click_lines(scale, catalogue)
    return {
        "orders": _by_day(events),
        "returns": _by_day(returns),
        "clickstream": _by_day(visits),
    }


def _by_day(lines: pl.DataFrame) -> LinesByDay:
    return {
        int(part["day"][0]): part["line"].to_list()
        for part in lines.partition_by("day", maintain_order=True)
    }


def _write_days(
    scale: Scale,
    sellers: tuple[Seller, ...],
    goods: GoodsSender,
    outbox: Outbox,
    lines: dict[str, LinesByDay],
) -> tuple[DayPlan, ...]:
    platform = PlatformSender(scale, outbox)
    statements = statements_by_day(scale, sellers)
    plans = []
    for day in range(1, scale.days + 1):
        platform.send_sellers(day, statements[day])
        goods.send_products(day)
        goods.send_offers(day)
        platform.send_lines(day, "orders", lines["orders"].get(day, []))
        platform.send_returns(day, lines["returns"].get(day, []))
        platform.send_lines(day, "clickstream", lines["clickstream"].get(day, []))
        plans.append(outbox.close_day(day))
    return tuple(plans)


def _mover(customers: Customers, placed: Orders) -> dict[str, str]:
    """Name a customer who ordered both before and after moving, where the scale has one."""
    moves_on = pl.Series(customers.moves_on).gather(placed.orders["customer"])
    moved = placed.orders.select("customer", moved=pl.col("day") >= moves_on)
    both = moved.group_by("customer").agg(pl.col("moved").n_unique() == 2)  # noqa: PLR2004 (both)
    movers = both.filter("moved")["customer"].sort()
    return {"mover": str(customers.ids[movers[0]])} if len(movers) else {}


def _counts(scale: Scale, placed: Orders, outbox: Outbox, plans: tuple[DayPlan, ...]) -> DemoCounts:
    deliveries = [delivery for plan in plans for delivery in plan.deliveries]
    returns = sum(one.lines for one in deliveries if one.source == "demo-returns")
    return DemoCounts(
        sellers=scale.sellers,
        products=scale.products,
        orders=scale.orders,
        order_events=len(placed.events),
        returns=returns,
        clicks=scale.clicks,
        offers=outbox.lines_by_feed["offers"],
        lines=sum(outbox.lines_by_feed.values()),
        dirty_lines=outbox.dirty_lines,
        deliveries=len(deliveries),
        defects=dict(sorted(outbox.defects.items())),
    )
