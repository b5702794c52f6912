"""Partitions of the facts, made as needed before a load, in a transaction of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from psycopg import sql

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    import psycopg

SQL = Sql(__package__)
ORDER_TABLES = ("fact_order", "fact_order_header", "fact_payment")
# The tables whose new partitions a load of so many lines fills before they have an index.
_APART_TABLES = ORDER_TABLES[:2]
_APART_FROM = 100_000


def ensure_partitions(
    conn: psycopg.Connection,
    owner: psycopg.Connection,
    feed: str,
    deliveries: Sequence[int],
    zone: ZoneInfo,
) -> list[date]:
    """Make the partitions that a batch needs, but for quarters that its load has to make itself.

    Returns the first days of these: a large batch of order lines, of whose quarters none exists
    yet, fills them apart.  `owner` is a connection of the tables' owner, in autocommit: the
    partitions stay even when the load fails, which harms nothing.
    """
    plans = {
        "orders": ("periods_of_orders", ORDER_TABLES, 3),
        "offers": ("periods_of_offers", ("fact_offer",), 3),
        "products": ("periods_of_offers", ("fact_offer",), 3),
        "clickstream": ("periods_of_clicks", ("fact_clickstream",), 1),
    }
    if feed not in plans:
        return []
    query, tables, months = plans[feed]
    row = conn.execute(SQL[query], {"deliveries": list(deliveries)}).fetchone()
    if row is None or row[0] is None:
        return []
    present = {name for (name,) in conn.execute(SQL["partitions_present"]).fetchall()}
    first_on, last_on = (at.astimezone(zone).date() for at in row[:2])
    firsts = list(_periods(first_on, last_on, months))
    apart: list[date] = []
    if feed == "orders" and row[2] >= _APART_FROM:
        named = {partition_name(table, first, 3) for table in _APART_TABLES for first in firsts}
        if named.isdisjoint(present):
            apart = firsts
    for first in firsts:
        for table in tables:
            name = partition_name(table, first, months)
            if name not in present and not (apart and table in _APART_TABLES):
                owner.execute(_create(table, name, first, _next(first, months)))
                owner.execute(
                    SQL.compose("partition_maintain", partition=sql.Identifier("dwh", name))
                )
    return apart


def analyze_partitions(
    conn: psycopg.Connection, table: str, days: Iterable[date], columns: Sequence[str]
) -> list[str]:
    """Take statistics of the partitions that hold these days; returns their names.

    After a large load the planner would take a partition of a million rows for an empty one.
    """
    months = 1 if table == "fact_clickstream" else 3
    firsts = {date(day.year, (day.month - 1) // months * months + 1, 1) for day in days}
    names = sorted(partition_name(table, first, months) for first in firsts)
    for name in names:
        conn.execute(
            SQL.compose(
                "partition_analyze",
                partition=sql.Identifier("dwh", name),
                columns=sql.SQL(", ").join(sql.Identifier(column) for column in columns),
            )
        )
    return names


def partition_name(table: str, first: date, months: int) -> str:
    """Name of the partition that starts on `first`.

    >>> partition_name("fact_order", date(2026, 4, 1), 3)
    'fact_order_2026q2'
    """
    if months == 3:  # noqa: PLR2004 — a quarter
        return f"{table}_{first.year}q{(first.month + 2) // 3}"
    return f"{table}_{first.year}m{first.month:02d}"


def _periods(first: date, last: date, months: int) -> Iterator[date]:
    # A day of margin on each side: days are those of the house, offers are cut at UTC.
    start = first - timedelta(days=1)
    start = date(start.year, (start.month - 1) // months * months + 1, 1)
    while start <= last + timedelta(days=1):
        yield start
        start = _next(start, months)


def _next(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)


def _create(table: str, name: str, first: date, following: date) -> sql.Composed:
    bounds: tuple[date | datetime, date | datetime] = (first, following)
    if table == "fact_offer":
        bounds = (
            datetime(first.year, first.month, 1, tzinfo=UTC),
            datetime(following.year, following.month, 1, tzinfo=UTC),
        )
    return SQL.compose(
        "partition_create",
        partition=sql.Identifier("dwh", name),
        parent=sql.Identifier("dwh", table),
        first=sql.Literal(bounds[0]),
        next=sql.Literal(bounds[1]),
    )
