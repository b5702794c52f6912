"""Orders are whole again when nothing of them waits any more.

An article that is rejected leaves its order incomplete; once its reject ended (replayed, or the
order said again) and no other one waits, the order is complete.  Only for orders that are sent
whole: of flat lines nobody says how many an order has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.kernel import Sql
from shopnow.pipeline.resending.keys import hashed_keys, record_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.staging import Delivery

SQL = Sql(__package__)


def complete_orders(
    context: Context, conn: psycopg.Connection, deliveries: Sequence[Delivery]
) -> int:
    """Mark orders of the batch complete whose last reject it ended; returns how many.

    Within the batch's transaction, while its rows stand in staging, after `end_rejects`.
    """
    values = {"deliveries": [one.delivery_key for one in deliveries]}
    ended = conn.execute(SQL["items_ended"], values).fetchall()
    if not ended:
        return 0
    waiting_for = pl.DataFrame(ended, schema={"key": pl.Binary}, orient="row")
    whole: list[str] = []
    for name in {one.source for one in deliveries}:
        source = context.source(name)
        keys = [one.delivery_key for one in deliveries if one.source == name]
        rows = conn.execute(SQL["orders_incomplete"], {"deliveries": keys}).fetchall()
        orders = pl.DataFrame(rows, schema={"order_id": pl.String}, orient="row")
        prefix = f"{source.order_namespace}:" if source.order_namespace else ""
        raw = orders.with_columns(pl.col("order_id").str.strip_prefix(prefix))
        hashes = hashed_keys(context.keystore, record_keys("order", raw, source))
        found = orders.with_columns(hashes.alias("key")).join(waiting_for, on="key", how="semi")
        whole += found["order_id"].to_list()
    if not whole:
        return 0
    return conn.execute(SQL["orders_complete"], {"orders": whole}).rowcount
