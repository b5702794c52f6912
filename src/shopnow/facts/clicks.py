"""Clicks: immutable events, each once, whatever is replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.dimensions import drop_work_tables
from shopnow.facts.outcomes import read_outcomes
from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from shopnow.dimensions import Outcome

SQL = Sql(__package__)


def load_clicks(
    conn: psycopg.Connection, deliveries: Sequence[int], *, batch_no: int, zone: str
) -> dict[int, Outcome]:
    """Clicks of a batch of deliveries; outcomes of their records.  Fills `touched_traffic`."""
    values = {"deliveries": list(deliveries), "batch_no": batch_no, "zone": zone}
    drop_work_tables(conn, "click_ranked")
    conn.execute(SQL["clicks_ranked"], values)
    outcomes = read_outcomes(conn, SQL["clicks_outcomes"], values)
    conn.execute(SQL["clicks_remove"])
    conn.execute(SQL["clicks_insert"], values)
    conn.execute(SQL["clicks_touched"])
    return outcomes
