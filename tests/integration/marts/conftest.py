"""Facts for the tests of the marts, written straight into dwh: loading them is tested elsewhere."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import Connection, sql

from shopnow.kernel import Settings, connect

if TYPE_CHECKING:
    from psycopg.rows import TupleRow

RUN_AT = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
Write = Callable[..., None]

ORDER: dict[str, Any] = {
    "seller_no": 0,
    "order_id": "t:1",
    "line_no": 1,
    "order_on": date(2026, 1, 5),
    "seller_key": 0,
    "product_key": 1,
    "customer_key": -1,
    "customer_no": -1,
    "ordered_at": RUN_AT,
    "quantity": 1,
    "unit_price": Decimal(10),
    "line_amount": Decimal(10),
    "freight_amount": Decimal(2),
    "commission_amount": Decimal(1),
    "currency": "EUR",
    "order_ref": "r",
    "said_at": RUN_AT,
    "source_rank": 1,
    "content_hash": 1,
    "batch_no": 1,
    "delivery_key": 1,
    "record_no": 1,
    "source_line": 1,
}
CLICK: dict[str, Any] = {
    "seller_no": 0,
    "event_key": None,
    "event_on": date(2026, 1, 5),
    "event_at": RUN_AT,
    "session_ref": "s1",
    "user_ref": None,
    "customer_no": -2,
    "event_type": "view_page",
    "product_key": 1,
    "product_id": "P1",
    "content_hash": 1,
    "batch_no": 1,
    "delivery_key": 1,
    "record_no": 1,
    "source_line": 1,
}
OFFER: dict[str, Any] = {
    "seller_no": 0,
    "product_id": "P1",
    "observed_at": RUN_AT,
    "product_key": 1,
    "unit_price": Decimal(10),
    "currency": "EUR",
    "stock_quantity": 5,
    "is_available": True,
    "batch_no": 1,
    "delivery_key": 1,
    "record_no": 1,
    "source_line": 1,
}
PRODUCT: dict[str, Any] = {
    "seller_no": 0,
    "product_id": "P1",
    "product_key": 1,
    "title": "Casserole",
    "category_id": "c1",
    "valid_from": datetime(2025, 1, 1, tzinfo=UTC),
    "valid_to": datetime(9999, 12, 31, tzinfo=UTC),
    "is_current": True,
    "version": 1,
    "known_from": RUN_AT,
    "delivery_key": 1,
    "record_no": 1,
    "source_line": 1,
}
DELIVERY: dict[str, Any] = {
    "sender_no": 0,
    "source": "s",
    "feed": "orders",
    "mode": "delta",
    "sha256": b"1",
    "effective_at": RUN_AT,
    "effective_is_declared": False,
    "received_at": RUN_AT,
    "state": "published",
    "contract_version": "1",
    "lines": 10,
    "records": 8,
    "accepted": 5,
    "rejected": 2,
    "duplicate": 1,
    "superseded": 0,
    "held": 0,
    "unreadable": 1,
}
ROWS = {
    "dwh.fact_order": ORDER,
    "dwh.fact_clickstream": CLICK,
    "dwh.fact_offer": OFFER,
    "dwh.dim_product": PRODUCT,
    "staging.delivery": DELIVERY,
}
QUARTERS = (date(2025, 10, 1), date(2026, 1, 1), date(2026, 4, 1))


@pytest.fixture
def loaded(warehouse: Settings) -> Iterator[Connection[TupleRow]]:
    """Give a loader's connection, in a transaction, to a warehouse with partitions."""
    with connect(warehouse, "shopnow_owner") as owner:
        for fact in ("fact_order", "fact_clickstream", "fact_offer"):
            for start, end in itertools.pairwise(QUARTERS):
                _partition(owner, fact, start, end)
    with connect(warehouse, autocommit=False) as connection:
        yield connection
        connection.rollback()


def _partition(owner: Connection[TupleRow], fact: str, start: date, end: date) -> None:
    if fact == "fact_offer":
        bounds = tuple(
            datetime(d.year, d.month, d.day, tzinfo=UTC).isoformat() for d in (start, end)
        )
    else:
        bounds = (start.isoformat(), end.isoformat())
    owner.execute(
        sql.SQL("CREATE TABLE {} PARTITION OF {} FOR VALUES FROM ({}) TO ({})").format(
            sql.Identifier("dwh", f"{fact}_{start:%Y_%m}"),
            sql.Identifier("dwh", fact),
            *map(sql.Literal, bounds),
        )
    )


def write(connection: Connection[TupleRow], table: str, **values: object) -> None:
    """Write one row; what is not given has an ordinary value."""
    row = ROWS[table] | values
    schema, _, name = table.partition(".")
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(schema, name),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(map(sql.Placeholder, row)),
        ),
        row,
    )


@pytest.fixture
def put(loaded: Connection[TupleRow]) -> Write:
    """Give `write` on the connection of this test."""

    def written(table: str, **values: object) -> None:
        write(loaded, table, **values)

    return written


def day(number: int) -> date:
    """Return a day of January 2026, running on into February."""
    return date(2026, 1, 1) + timedelta(days=number - 1)
