"""Writes replays down as deliveries; the next run takes them in."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import polars as pl

from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, UsageError
from shopnow.staging import copy_rows

if TYPE_CHECKING:
    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.pipeline.replaying.plan import DeliveryPlan, ReplayPlan
SQL = Sql(__package__)


def replay(context: Context, conn: psycopg.Connection, plan: ReplayPlan, who: str) -> list[int]:
    """Write a delivery for each one of which a record passes; returns their keys.

    One transaction.  Raises UsageError when somebody replayed one of the records meanwhile.
    """
    with conn.transaction():
        conn.execute(SQL["loader_lock"])
        return [_replayed(context, conn, one, who) for one in plan.deliveries if one.passing.height]


def _replayed(context: Context, conn: psycopg.Connection, one: DeliveryPlan, who: str) -> int:
    of, now = one.delivery, context.clock.now()
    numbers = one.passing["record_no"].to_list()
    digest = blake2b(repr((of.sha256, of.delivery_key, numbers)).encode(), digest_size=32)
    values = {
        "delivery_key": of.delivery_key, "sha256": digest.digest(), "received_at": now,
        "contract_version": context.contracts.feeds[of.feed].version, "records": numbers,
    }  # fmt: skip
    still = conn.execute(SQL["rejects_still_open"], values).fetchone()
    if still is None or still[0] != len(numbers):
        raise UsageError(
            f"rejects of delivery {of.delivery_key} ended meanwhile", "Make the plan again."
        )
    row = conn.execute(SQL["replay_add"], values).fetchone()
    assert row is not None  # noqa: S101 — INSERT … RETURNING of a known delivery
    key = int(row[0])
    conn.execute(SQL["replay_files"], {"delivery_key": key, "replay_of": of.delivery_key})
    owner = pl.lit(key, dtype=pl.Int64).alias("delivery_key")
    rows = one.passing.select(owner, "file_no", "line_no", "record_no")
    copy_rows(conn, "staging", "delivery_replay", rows)
    record_event(conn, Event(
        ts=now, source="replay", type="fonctionnel", level="INFO",
        message=f"livraison {key} : rejeu de {len(numbers)} rejets de la livraison "
                f"{of.delivery_key} par {who}",
        error_code="rejects_replayed", seller_no=of.sender_no, delivery_key=key,
        payload={"of": of.delivery_key, "records": len(numbers)},
    ))  # fmt: skip
    return key
