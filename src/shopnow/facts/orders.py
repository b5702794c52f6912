"""Orders: headers folded from their change log, lines with the keys of their time, payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shopnow.facts.outcomes import merge, read_outcomes
from shopnow.kernel import Sql, TerminalError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from shopnow.dimensions import Outcome

SQL = Sql(__package__)
_WORK = (
    "header_said", "order_known", "header_now", "header_stored", "line_said", "line_twice",
    "line_ranked", "line_write", "line_written", "payment_ranked",
)  # fmt: skip
_ANALYZED = ("header_said", "order_known", "header_now", "line_said")


class OrphanError(TerminalError):
    """Facts were written whose dimension row does not exist: the batch is rolled back."""


def load_orders(
    conn: psycopg.Connection,
    deliveries: Sequence[int],
    *,
    run_at: datetime,
    batch_no: int,
    zone: str,
    window_days: int,
) -> dict[int, Outcome]:
    """Headers, lines and payments of a batch of deliveries; outcomes of their records.

    The dimensions are loaded, the partitions exist, the caller holds the loader lock and one
    transaction.  Days are those of `zone`; a line is found again within `window_days` of its
    order's day.  Fills the temporary table `touched_sales`.  Raises OrphanError.
    """
    values: dict[str, Any] = {
        "deliveries": list(deliveries),
        "run_at": run_at,
        "batch_no": batch_no,
        "zone": zone,
        "window_days": window_days,
    }

    def run(name: str) -> None:
        conn.execute(SQL[name], values)

    for table in _WORK:
        conn.execute(SQL[f"drop_{table}"])
    run("headers_said")
    run("orders_known")
    run("headers_log")
    run("headers_log_fresh")
    outcomes = read_outcomes(conn, SQL["headers_outcomes"], values)
    run("headers_now")
    run("headers_stored")
    run("lines_said")
    for table in _ANALYZED:
        conn.execute(SQL[f"analyze_{table}"])
    run("lines_twice")
    run("lines_ranked")
    merge(outcomes, read_outcomes(conn, SQL["lines_outcomes"], values))
    run("lines_write")
    run("lines_change_log")
    run("lines_remove")
    run("lines_written")
    run("lines_insert")
    _check_orphans(conn)
    run("lines_touched")
    run("headers_remove")
    run("headers_insert")
    run("payments_move")
    run("payments_ranked")
    merge(outcomes, read_outcomes(conn, SQL["payments_outcomes"], values))
    run("payments_remove")
    run("payments_insert")
    return outcomes


def _check_orphans(conn: psycopg.Connection) -> None:
    row = conn.execute(SQL["lines_orphans"]).fetchone()
    assert row is not None  # noqa: S101 — aggregates always give a row
    if any(row):
        raise OrphanError(
            f"order lines without dimension row: {row[0]} by seller, {row[1]} by product, "
            f"{row[2]} by customer",
            hint="Nothing was written; `shopnow dimension audit` looks for the cause.",
        )
