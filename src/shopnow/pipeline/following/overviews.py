"""The whole warehouse on one page: what came in, what was rejected, what changed, who sells.

Every figure is read from what the loads wrote; amounts of different currencies stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from psycopg.rows import class_row

from shopnow.kernel import Sql
from shopnow.pipeline.following.deliveries import list_deliveries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    import psycopg

    from shopnow.pipeline.following.deliveries import DeliveryFacts

SQL = Sql(__package__)
_TROUBLED = ("refused", "failed", "held")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FeedLine:
    """What came in on one feed; `troubled` deliveries were refused, failed or held."""

    feed: str
    deliveries: int
    troubled: int
    lines: int
    records: int
    accepted: int
    rejected: int
    duplicate: int
    superseded: int
    held: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """How often one rule rejected, in how many deliveries, of how many senders."""

    rule_code: str
    records: int
    deliveries: int
    senders: int


@dataclass(frozen=True, slots=True)
class DimensionLine:
    """What one dimension holds and what moved in it.

    `inferred`: members known only because a fact names them; `filled`: those of which more was
    learnt later; `rewritten`: versions corrected by a late statement; `corrections`: attributes
    overwritten without a new version.
    """

    dimension: str
    members: int
    versions: int
    withdrawn: int
    inferred: int
    filled: int
    rewritten: int
    corrections: int


@dataclass(frozen=True, slots=True)
class FactCounts:
    """How many facts there are; `replaced_lines` were said again with other content."""

    orders: int
    order_lines: int
    returns: int
    payments: int
    offers: int
    clicks: int
    replaced_lines: int


@dataclass(frozen=True, slots=True)
class SalesLine:
    """One of the best sellers of one currency; the amount is net of returns."""

    currency: str
    place: int
    seller_id: str | None
    seller_name: str | None
    orders: int
    units: int
    returned_units: int
    net_amount: Decimal


@dataclass(frozen=True, slots=True)
class Traffic:
    """Visits to the whole marketplace between two days (none before the first click)."""

    views: int
    carts: int
    checkouts: int
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class TrafficLine:
    """Visits to one seller's pages."""

    seller_id: str | None
    seller_name: str | None
    views: int
    carts: int
    checkouts: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole warehouse on one page; `step_seconds` by number of the step (1 to 6)."""

    feeds: list[FeedLine]
    reasons: list[ReasonLine]
    troubled: list[DeliveryFacts]
    dimensions: list[DimensionLine]
    facts: FactCounts
    sales: list[SalesLine]
    traffic: Traffic
    traffic_top: list[TrafficLine]
    step_seconds: dict[int, float]


def overview(conn: psycopg.Connection, *, top: int = 5, reasons: int = 8) -> Overview:
    """The state of the warehouse: `top` sellers a currency, the `reasons` most frequent."""
    troubled = [
        delivery
        for state in _TROUBLED
        for delivery in reversed(list_deliveries(conn, state=state, limit=50))
    ]
    return Overview(
        feeds=_all(conn, "overview_feeds", FeedLine),
        reasons=_all(conn, "overview_reasons", ReasonLine, {"limit": reasons}),
        troubled=troubled,
        dimensions=_all(conn, "overview_history", DimensionLine),
        facts=_all(conn, "overview_facts", FactCounts)[0],
        sales=_all(conn, "overview_sales", SalesLine, {"limit": top}),
        traffic=_all(conn, "overview_traffic", Traffic)[0],
        traffic_top=_all(conn, "overview_traffic_top", TrafficLine, {"limit": top}),
        step_seconds=dict(conn.execute(SQL["overview_seconds"]).fetchall()),
    )


def _all(
    conn: psycopg.Connection, statement: str, kind: type[T], values: Mapping[str, int] | None = None
) -> list[T]:
    with conn.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(SQL[statement], values).fetchall()
