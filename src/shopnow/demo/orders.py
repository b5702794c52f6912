"""Who orders what and when, and what is said about each order afterwards.

Orders arrive with the day on which they were placed, a few a day or more later; a share of them is
said again with another status on later days, under a new event id and with the same lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from shopnow.demo.randomness import Ints, stream, uuids, weighted

if TYPE_CHECKING:
    from shopnow.demo.catalogue import Catalogue
    from shopnow.demo.customers import Customers
    from shopnow.demo.model import Scale

DAY_MICROS = 86_400_000_000
_LAST_SECOND_OF_ORDERS = 22 * 3600
_SAID_AFTER_MICROS = 1_500_000
_PROMISED_AFTER_DAYS = 4

# Shapes of the case: the house's own goods (P1, P2), one seller an order (P3, P5), several (P4).
P1, P2, P3, P4, P5 = _SHAPES = (1, 2, 3, 4, 5)
_SHAPE_SHARES = (0.12, 0.10, 0.38, 0.22, 0.18)
_HOUSE_SHAPES = (P1, P2)
_ITEMS_SHARES = (0.52, 0.27, 0.14, 0.07)
_WEEKDAY_SHARES = (0.9, 0.85, 0.9, 1.0, 1.1, 1.35, 1.3)
_SHARE_LATE = 0.015
_SHARES_OF_FATES = (0.74, 0.03, 0.09, 0.14)  # placed only, cancelled, shipped, shipped + delivered
_CANCELLED, _SHIPPED, _DELIVERED = 1, 2, 3
_SHARE_RETURNED = 0.015

EARLY_SELLER_DAY = 2
EARLY_PRODUCT_DAY = 3


@dataclass(frozen=True)
class Orders:
    """Orders (one row each), their items and the events that state them; times are in µs.

    `orders`: order, day, arrival, at, shape, customer, currency, owner. `items`: order, product,
    position, quantity, cents. `events`: order, arrival, said_at, status, event_id and the times
    promised, shipped, delivered, cancelled.
    """

    orders: pl.DataFrame
    items: pl.DataFrame
    events: pl.DataFrame
    stories: dict[str, str]


def order_id(number: int) -> str:
    """Name an order as its files do."""
    return f"SN26-{number + 1:07d}"


def make_orders(scale: Scale, catalogue: Catalogue, customers: Customers) -> Orders:
    """Invent `scale.orders` orders with their lines and the events which state them."""
    rng = stream(scale.seed, "orders")
    count = scale.orders
    weekday = scale.first_day.weekday()
    shares = [_WEEKDAY_SHARES[(weekday + n) % 7] for n in range(scale.days)]
    day = np.sort(weighted(rng, shares, count)) + 1
    shape = np.array(_SHAPES)[weighted(rng, _SHAPE_SHARES, count)]
    owner = _owners_of(rng, catalogue, shape, day)
    lines = 1 + weighted(rng, _ITEMS_SHARES, count)
    planted = _plant_early(catalogue, day, shape, owner, lines)
    order = np.repeat(np.arange(count), lines)
    product = _products_of(rng, catalogue, shape=shape, owner=owner, day=day, order=order)
    stories = _plant_products(catalogue, planted, order, product)
    at = _instants(scale, rng, day)
    orders = pl.DataFrame(
        {
            "order": np.arange(count),
            "day": day,
            "arrival": _arrivals(scale, rng, day, planted),
            "at": at,
            "shape": shape,
            "customer": rng.integers(0, len(customers.json), count),
            "currency": pl.Series([o.currency for o in catalogue.owners]).gather(owner),
            "owner": owner,
        }
    )
    items = _items(rng, catalogue, order, product, day)
    return Orders(orders, items, _events(scale, rng, orders), stories)


def _owners_of(rng: np.random.Generator, catalogue: Catalogue, shape: Ints, day: Ints) -> Ints:
    """Give each order one owner who already has goods on that day; the house for P1 and P2."""
    weights = np.array([one.products for one in catalogue.owners], dtype=np.float64)
    weights[catalogue.house] = 0.0
    owner = weighted(rng, weights.tolist(), len(shape))
    euros = [n for n, one in enumerate(catalogue.owners[:-1]) if one.currency == "EUR"]
    # The first owner is there from day 1 and sells in euros: the fallback for both conditions.
    mixed = (shape == P4) & ~np.isin(owner, euros)
    absent = catalogue.launched[owner, day - 1] == 0
    owner = np.where(mixed | absent, 0, owner)
    return np.where(np.isin(shape, _HOUSE_SHAPES), catalogue.house, owner).astype(np.int64)


def _plant_early(
    catalogue: Catalogue, day: Ints, shape: Ints, owner: Ints, lines: Ints
) -> dict[str, int]:
    """Choose the two orders which come too early, and make them orders of one line in shape P3."""
    last = catalogue.house - 1
    unlaunched = [
        n for n in range(last) if catalogue.owners[n].currency == "EUR"
        and 0 < catalogue.launched[n, min(EARLY_PRODUCT_DAY, catalogue.launched.shape[1]) - 1]
        < catalogue.owners[n].products
    ]  # fmt: skip
    planted: dict[str, int] = {}
    for story, on, of in (
        ("early_seller", EARLY_SELLER_DAY, [last]),
        ("early_product", EARLY_PRODUCT_DAY, unlaunched[:1]),
    ):
        places = np.flatnonzero(day == on)
        if len(places) == 0 or not of or catalogue.owners[last].first_day <= EARLY_SELLER_DAY:
            continue
        place = int(places[0])
        shape[place], owner[place], lines[place] = P3, of[0], 1
        planted[story] = place
    return planted


def _plant_products(
    catalogue: Catalogue, planted: dict[str, int], order: Ints, product: Ints
) -> dict[str, str]:
    """Give the two early orders goods which their seller has not sent yet, and name the stories."""
    stories: dict[str, str] = {}
    for story, place in planted.items():
        item = int(np.flatnonzero(order == place)[0])
        if story == "early_seller":
            owner = catalogue.owners[catalogue.house - 1]
            product[item] = owner.first_product
            stories[story] = owner.owner_id
        else:
            owner = catalogue.owners[int(catalogue.owner_of[product[item]])]
            product[item] = owner.first_product + owner.products - 1
            stories[story] = catalogue.rows[int(product[item])]["product_id"]
        stories[story.replace("early", "early_order")] = order_id(place)
    return stories


def _products_of(
    rng: np.random.Generator,
    catalogue: Catalogue,
    *,
    shape: Ints,
    owner: Ints,
    day: Ints,
    order: Ints,
) -> Ints:
    """Draw each line's product among what its owner has launched, the first ones more often."""
    item_owner = owner[order]
    others = owner[rng.integers(0, len(owner), len(order))]
    euros = np.array([one.currency == "EUR" for one in catalogue.owners])
    euros[catalogue.house] = False
    item_day = day[order]
    free = (shape[order] == P4) & euros[others]
    free &= catalogue.launched[others, item_day - 1] > 0
    item_owner = np.where(free, others, item_owner)
    starts = np.array([one.first_product for one in catalogue.owners])
    # Only the planted order's owner may have nothing yet; its product is set afterwards.
    available = np.maximum(catalogue.launched[item_owner, item_day - 1], 1)
    place = (rng.random(len(order)) ** 1.8 * available).astype(np.int64)
    return (starts[item_owner] + place).astype(np.int64)


def _instants(scale: Scale, rng: np.random.Generator, day: Ints) -> Ints:
    """Draw the instant of each order, towards the evening, sorted within the day."""
    start = scale.midnight_micros(1) + (day - 1) * DAY_MICROS
    share = np.clip(rng.beta(2.6, 1.8, len(day)), 0.0, 1.0)
    at = start + (share * _LAST_SECOND_OF_ORDERS * 1_000_000).astype(np.int64)
    return np.sort(at)


def _arrivals(scale: Scale, rng: np.random.Generator, day: Ints, planted: dict[str, int]) -> Ints:
    late = rng.random(len(day)) < _SHARE_LATE
    late[list(planted.values())] = False
    delay = np.where(late, rng.integers(1, 4, len(day)), 0)
    return np.minimum(day + delay, scale.days).astype(np.int64)


def _items(
    rng: np.random.Generator, catalogue: Catalogue, order: Ints, product: Ints, day: Ints
) -> pl.DataFrame:
    quantity = 1 + weighted(rng, (0.72, 0.18, 0.07, 0.03), len(order))
    cents = catalogue.price_cents[product, day[order] - 1]
    items = pl.DataFrame({
        "order": order, "product": product, "quantity": quantity, "cents": cents,
    })  # fmt: skip
    return items.with_columns(position=pl.int_range(pl.len()).over("order") + 1)


def _events(scale: Scale, rng: np.random.Generator, orders: pl.DataFrame) -> pl.DataFrame:
    """State each order once when placed and, for those with a further fate, on later days."""
    count = len(orders)
    fate = weighted(rng, _SHARES_OF_FATES, count)
    # A late order has no further events: they would come before the order or beside it.
    fate[(orders["arrival"] != orders["day"]).to_numpy()] = 0
    second = 1 + rng.integers(0, 2, count)
    third = second + 1 + rng.integers(0, 4, count)
    base = orders.select("order", "day", "at", promised=pl.col("at") + _after(_PROMISED_AFTER_DAYS))
    base = base.with_columns(
        pl.Series("fate", fate), pl.Series("second", second), pl.Series("third", third)
    )
    said_at = pl.col("at") + _SAID_AFTER_MICROS
    placed = orders.select("order", "arrival", said_at=said_at, status=pl.lit("PLACED"))
    placed = placed.with_columns(base["promised"])
    parts = [
        placed,
        _later(base, fate == _CANCELLED, "CANCELLED", "second", ("cancelled",)),
        _later(base, (fate == _SHIPPED) | (fate == _DELIVERED), "SHIPPED", "second", ("shipped",)),
        _later(base, fate == _DELIVERED, "DELIVERED", "third", ("shipped", "delivered")),
    ]
    events = pl.concat(parts, how="diagonal_relaxed").filter(pl.col("arrival") <= scale.days)
    events = events.sort("arrival", "said_at", "order", "status")
    return events.with_columns(event_id=uuids(rng, len(events)))


def _after(days: int | str) -> pl.Expr:
    return (pl.col(days) if isinstance(days, str) else pl.lit(days)) * DAY_MICROS


def _later(
    base: pl.DataFrame, chosen: np.ndarray, status: str, days: str, times: tuple[str, ...]
) -> pl.DataFrame:
    """State chosen orders again some days later; what was shipped earlier is said again."""
    when = {"shipped": "second", "cancelled": "second", "delivered": "third"}
    return base.filter(pl.Series(chosen)).select(
        "order",
        "promised",
        arrival=pl.col("day") + pl.col(days),
        said_at=pl.col("at") + _after(days) + _SAID_AFTER_MICROS,
        status=pl.lit(status),
        **{name: pl.col("at") + _after(when[name]) for name in times},
    )


def make_returns(scale: Scale, orders: Orders) -> pl.DataFrame:
    """Send back the first line of some orders 3 to 5 days later: order, day, at, item columns."""
    rng = stream(scale.seed, "returns")
    first = orders.items.filter(pl.col("position") == 1)
    back = pl.Series(rng.random(len(first)) < _SHARE_RETURNED)
    delay = pl.Series("delay", rng.integers(3, 6, len(first)))
    joined = first.with_columns(delay).filter(back).join(
        orders.orders.select("order", "day", "at", "customer", "currency", "shape"), on="order",
        how="left", maintain_order="left",
    )  # fmt: skip
    returned = joined.with_columns(
        day=pl.col("day") + pl.col("delay"), at=pl.col("at") + _after("delay")
    )
    return returned.filter(pl.col("day") <= scale.days).sort("day", "at", "order")
