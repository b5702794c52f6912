"""Members that facts need before anything is known of them: inferred and reserved ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

SQL = Sql(__package__)
# Members from which the planner is told about them within the load.
MANY = 50_000


def ensure_sellers(conn: psycopg.Connection, run_at: datetime) -> int:
    """A member for every registered seller, and its reserved products; returns the new ones."""
    inferred = conn.execute(SQL["infer_sellers"], {"run_at": run_at}).rowcount
    conn.execute(SQL["reserve_products"])
    return inferred


def ensure_products(conn: psycopg.Connection, deliveries: Sequence[int], run_at: datetime) -> int:
    """A member for every product that the batch's facts name; returns the inferred ones."""
    values = {"deliveries": list(deliveries), "run_at": run_at}
    inferred = conn.execute(SQL["infer_products"], values).rowcount
    if inferred > MANY:
        conn.execute(SQL["products_analyze"])
    return inferred


def ensure_customers(conn: psycopg.Connection, deliveries: Sequence[int], run_at: datetime) -> int:
    """A member for every customer whom the batch names; returns the inferred ones."""
    values = {"deliveries": list(deliveries), "run_at": run_at}
    inferred = conn.execute(SQL["infer_customers"], values).rowcount
    if inferred > MANY:
        conn.execute(SQL["customers_analyze"])
    return inferred
