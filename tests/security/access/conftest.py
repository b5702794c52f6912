"""Warehouses for the tests of accesses: one a module, with sellers, facts and logins in it."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest

from shopnow.kernel import Settings, SystemClock, connect
from shopnow.kernel.server import create_database, drop_database
from shopnow.security import apply_grants, apply_revoke, plan_revoke, plan_seller, read_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psycopg.rows import TupleRow

    from shopnow.security import Granted

_NUMBERS = itertools.count(1)
CLOCK = SystemClock()


def own_warehouse(test_server: Settings, folder: Path) -> Iterator[Settings]:
    """Give an empty warehouse of its own; roles that were granted go with it."""
    name = f"access_{os.getpid()}_{next(_NUMBERS)}"
    home = folder / "home"
    home.mkdir()
    for shared in ("pg", "secrets"):
        (home / shared).symlink_to(test_server.home / shared)
    settings = replace(create_database(test_server, name, template="shopnow"), home=home)
    yield settings
    withdraw_all(settings)
    drop_database(test_server, name)


def withdraw_all(settings: Settings) -> None:
    """Revoke what the tests granted: roles are of the server, which others use too."""
    left = [one.role_name for one in read_ledger(settings, CLOCK).values() if one.is_open]
    if left:
        apply_revoke(settings, CLOCK, plan_revoke(settings, CLOCK, left))


@pytest.fixture(scope="module")
def filled(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Give a warehouse with four sellers, each with ten order lines."""
    for settings in own_warehouse(test_server, tmp_path_factory.mktemp("filled")):
        fill(settings)
        yield settings


def fill(settings: Settings) -> None:
    """Register sellers A to D and give each ten lines and three products."""
    with connect(settings, "shopnow_owner") as connection, connection.transaction():
        for statement in _FILLING:
            connection.execute(statement)


_FILLING = (
    (
        "INSERT INTO security.seller (seller_no, opened_on)"
        " SELECT n, '2025-01-01' FROM generate_series(1, 4) AS n"
    ),
    (
        "INSERT INTO security.seller_identifier (source, seller_id, valid_from, seller_no)"
        " SELECT 'olist', 'S00' || n, '1900-01-01', n FROM generate_series(1, 4) AS n"
    ),
    (
        "INSERT INTO dwh.dim_product (seller_no, product_id, title, valid_from, valid_to,"
        " is_current, version, known_from, delivery_key, record_no, source_line)"
        " SELECT s, 'P' || p, 'Article ' || s || '-' || p, '2025-01-01', '9999-12-31 00:00+00',"
        " TRUE, 1, '2025-01-01', 1, p, p FROM generate_series(1, 4) AS s,"
        " generate_series(1, 3) AS p"
    ),
    (
        "CREATE TABLE dwh.fact_order_2025q1 PARTITION OF dwh.fact_order"
        " FOR VALUES FROM ('2025-01-01') TO ('2025-04-01')"
    ),
    (
        "INSERT INTO dwh.fact_order (seller_no, order_id, line_no, order_on, seller_key,"
        " product_key, customer_key, customer_no, ordered_at, quantity, unit_price, line_amount,"
        " freight_amount,"
        " commission_amount, currency, line_status, order_ref, buyer_ref, buyer_region, is_late,"
        " said_at, source_rank, said_sequence, content_hash, batch_no, delivery_key, record_no,"
        " source_line)"
        # Order 'shared' is of every seller: its references differ by seller.
        " SELECT s, CASE WHEN n = 10 THEN 'shared' ELSE 'o' || s || '-' || n END, n,"
        " DATE '2025-01-01' + n::integer, s, p.product_key, -1, -1, '2025-01-02', 1, 10, 10, 0, 1,"
        " 'EUR', 'delivered', md5('ref' || s || n), md5('buyer' || s), 'FR-75',"
        " FALSE, '2025-01-02', 0, 0, s * 100 + n, 1, 1, n::integer, n"
        " FROM generate_series(1, 4) AS s, generate_series(1, 10) AS n"
        " JOIN dwh.dim_product AS p ON p.product_id = 'P1' WHERE p.seller_no = s"
    ),
)


def let_in(settings: Settings, *sellers: str, name: str, **more: object) -> Granted:
    """Grant SQL to sellers under a name."""
    plan = plan_seller(settings, CLOCK, sellers, login=name, **more)  # type: ignore[arg-type]
    return apply_grants(settings, CLOCK, [plan])[0]


def login(
    settings: Settings, granted: Granted, *, password: str | None = None
) -> psycopg.Connection[TupleRow]:
    """Connect as somebody who was let in, with the password shown at the time."""
    with connect(settings, None) as superuser:
        port = superuser.info.port
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        dbname=settings.database,
        user=granted.access.role_name,
        password=password or granted.password,
        autocommit=True,
    )


def lines_seen(connection: psycopg.Connection[TupleRow]) -> set[int]:
    """The sellers whose order lines a session sees; the same by table and by view."""
    rows = connection.execute("SELECT DISTINCT seller_no FROM dwh.fact_order").fetchall()
    views = connection.execute("SELECT DISTINCT seller_no FROM seller.my_orders").fetchall()
    assert rows == views or sorted(rows) == sorted(views)
    return {number for (number,) in rows}
