"""Rejects end in the transaction that publishes what ended them, and in no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, LiteralString

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

SQL = Sql(__package__)
_ENDINGS: Final[dict[str, LiteralString]] = {
    "replayed": "end_replayed", "corrected": "end_corrected", "full": "end_full",
    "said": "end_said",
}  # fmt: skip


def end_rejects(conn: psycopg.Connection, deliveries: Sequence[int], at: datetime) -> int:
    """End what these deliveries replay, correct, say again or state in full; returns how many.

    Works within the caller's transaction, under the loader lock.
    """
    values = {"deliveries": list(deliveries), "at": at}
    ended = 0
    # Nearly every delivery is none of these.
    for (name,) in conn.execute(SQL["endings"], values).fetchall():
        ended += conn.execute(SQL[_ENDINGS[name]], values).rowcount
        if name == "said":
            conn.execute(SQL["said_forget"], values)
    return ended


def forget_said(conn: psycopg.Connection, delivery_key: int) -> None:
    """Take back what an earlier intake of a delivery found: it is looked at anew."""
    conn.execute(SQL["said_forget"], {"deliveries": [delivery_key]})
