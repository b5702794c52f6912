"""Offers: each version of price, stock and availability, folded from their change log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

from shopnow.dimensions import Column, Dimension, Outcome, drop_work_tables, log_facts
from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from shopnow.sources import RecordContract

SQL = Sql(__package__)


def offer_dimension(contract: RecordContract) -> Dimension:
    """Offers as the history engine sees them: every attribute is of type 2."""
    columns = tuple(
        Column(attribute.name, 2, place) for place, attribute in enumerate(contract.historised)
    )
    return Dimension("offer", ("seller_no", "product_id"), columns, ("offers", "products"))


def load_offers(
    conn: psycopg.Connection,
    contract: RecordContract,
    deliveries: Sequence[int],
    *,
    run_at: datetime,
    batch_no: int,
    zone: str,
) -> tuple[dict[int, Outcome], dict[int, int]]:
    """Offers of a batch, and held ones whose reference has come.

    Returns outcomes by delivery, and the change in held records by delivery (negative where
    they were released).  Fills `touched_offers`.
    """
    values: dict[str, Any] = {
        "deliveries": list(deliveries), "run_at": run_at, "batch_no": batch_no, "zone": zone,
    }  # fmt: skip
    drop_work_tables(conn, "offer_said", "offer_written")
    conn.execute(SQL["offers_said"], values)
    held: dict[int, int] = dict(conn.execute(SQL["offers_hold"], values).fetchall())
    for key, released in conn.execute(SQL["offers_release"]).fetchall():
        held[key] = held.get(key, 0) - released
    # Which product an unknown reference stands for, nobody knows: it may be any that seems absent.
    conn.execute(SQL["offers_unproven"], {"deliveries": [key for key, n in held.items() if n > 0]})
    conn.execute(SQL["held_products"], values)
    said = sql.Identifier("pg_temp", "offer_said")
    everyone = sorted({*deliveries, *held})
    outcomes = log_facts(conn, offer_dimension(contract), said, everyone, run_at)
    conn.execute(SQL["offers_written"])
    conn.execute(SQL["offers_remove"], values)
    conn.execute(SQL["offers_insert"], values)
    conn.execute(SQL["offers_touched"])
    return outcomes, held
