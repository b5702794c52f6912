"""Rejects end in the transaction that publishes what ended them, and in no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

SQL = Sql(__package__)


def end_rejects(conn: psycopg.Connection, deliveries: Sequence[int], at: datetime) -> int:
    """End what these deliveries replay, correct, say again or state in full; returns how many.

    Works within the caller's transaction, under the loader lock.
    """
    values = {"deliveries": list(deliveries), "at": at}
    ended = 0
    for name in ("end_replayed", "end_corrected", "end_full", "end_said"):
        ended += conn.execute(SQL[name], values).rowcount
    conn.execute(SQL["said_forget"], values)
    return ended


def forget_said(conn: psycopg.Connection, delivery_key: int) -> None:
    """Take back what an earlier intake of a delivery found: it is looked at anew."""
    conn.execute(SQL["said_forget"], {"deliveries": [delivery_key]})
