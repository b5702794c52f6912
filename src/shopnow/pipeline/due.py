"""The job that applies what was said of the future once its time has come (scd.md R13, S59)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.dimensions import cancel_pending, dimensions_of
from shopnow.facts import offer_dimension
from shopnow.kernel import Sql
from shopnow.marts import create_touched, next_batch_no, refresh_touched
from shopnow.pipeline.loading import Batch, load_dimensions, load_facts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from shopnow.marts import Mart
    from shopnow.pipeline.context import Context

SQL = Sql(__package__)
_FEEDS = ("sellers", "customers", "products", "offers")


def apply_due(context: Context, conn: psycopg.Connection, marts: Sequence[Mart]) -> int:
    """Apply what is due now; returns how many statements that were.

    One transaction; nothing is written, and no lock waited for, while nothing is due.
    """
    now = context.clock.now()
    waiting = _due(conn, now)
    if not waiting:
        return 0
    with conn.transaction():
        conn.execute(SQL["loader_lock"])
        waiting = _due(conn, now)
        create_touched(conn)
        number = next_batch_no(conn)
        for feed in _FEEDS:
            batch = Batch(feed, (), number)
            load_dimensions(context, conn, batch, now)
            load_facts(context, conn, batch, now)
        refresh_touched(conn, marts, run_at=now, batch_no=number, zone=context.settings.zone)
    return waiting


def cancel_announced(context: Context, conn: psycopg.Connection, delivery_key: int) -> int:
    """Cancel what a delivery says of the future; returns how many statements that were."""
    now = context.clock.now()
    everything = [
        *dimensions_of(context.contracts), offer_dimension(context.contracts.kinds["offer"]),
    ]  # fmt: skip
    with conn.transaction():
        conn.execute(SQL["loader_lock"])
        return sum(cancel_pending(conn, each, delivery_key, now) for each in everything)


def announced_by(context: Context, conn: psycopg.Connection, delivery_key: int) -> int:
    """How many statements about the future of a delivery are not due yet."""
    row = conn.execute(
        SQL["announced_count"], {"delivery_key": delivery_key, "run_at": context.clock.now()}
    ).fetchone()
    return 0 if row is None else int(row[0])


def _due(conn: psycopg.Connection, now: datetime) -> int:
    row = conn.execute(SQL["due_count"], {"run_at": now}).fetchone()
    return 0 if row is None else int(row[0])
