"""Which lines of a batch are not the last word on what they speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import Sql

if TYPE_CHECKING:
    import psycopg

SQL = Sql(__package__)


def lines_overtaken(conn: psycopg.Connection) -> dict[int, list[int]]:
    """Record numbers by delivery; called after `load_orders`, in its transaction."""
    found: dict[int, list[int]] = {}
    for delivery, record in conn.execute(SQL["lines_overtaken"]).fetchall():
        found.setdefault(delivery, []).append(record)
    return found
