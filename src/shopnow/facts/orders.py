"""Orders: headers folded from their change log, lines with the keys of their time, payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

from shopnow.dimensions import drop_work_tables, merge
from shopnow.facts.outcomes import read_outcomes
from shopnow.facts.partitions import analyze_partitions
from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    import psycopg

    from shopnow.dimensions import Outcome

SQL = Sql(__package__)
# Sellers and days from which the marts' plans need to know what was written.
MANY_DAYS = 1_000
ANALYZED_COLUMNS = ("seller_no", "order_on", "product_key", "customer_no", "currency")
_WORK_TABLES = (
    "header_said", "order_known", "header_now", "header_stored", "line_said",
    "line_twice", "line_ranked", "line_write", "header_write", "payment_ranked",
)  # fmt: skip


def load_orders(
    conn: psycopg.Connection,
    deliveries: Sequence[int],
    *,
    run_at: datetime,
    batch_no: int,
    zone: str,
    window_days: int,
    distinct: bool,
    apart: Sequence[date] = (),
) -> dict[int, Outcome]:
    """Headers, lines and payments of a batch of deliveries; outcomes of their records.

    The dimensions are loaded, the partitions exist, the caller holds the loader lock and one
    transaction.  Days are those of `zone`; a line is found again within `window_days` of its
    order's day; `distinct` says that the batch states each order and each line once; `apart` are
    the quarters that `ensure_partitions` left to be made here.  Fills the temporary table
    `touched_sales`.  The database refuses lines whose dimension row is missing.
    """
    values: dict[str, Any] = {
        "deliveries": list(deliveries),
        "run_at": run_at,
        "batch_no": batch_no,
        "zone": zone,
        "window_days": window_days,
        "distinct": distinct,
    }
    outcomes: dict[int, Outcome] = {}

    def run(*names: str) -> None:
        for name in names:
            conn.execute(SQL[name], values)

    def count(name: str) -> None:
        merge(outcomes, read_outcomes(conn, SQL[name], values))

    drop_work_tables(conn, *_WORK_TABLES)
    run("headers_said", "analyze_header_said", "lines_twice", "analyze_line_twice")
    known = conn.execute(SQL["orders_known"], values).rowcount
    run("analyze_order_known", "headers_log", "headers_log_fresh")
    count("headers_fresh_count")
    count("headers_outcomes")
    run("headers_now", "analyze_header_now", "headers_stored", "analyze_header_stored")
    run("lines_said", "analyze_line_said", "lines_ranked", "analyze_line_ranked")
    count("lines_fresh_count")
    count("lines_outcomes")
    run("lines_write", "lines_follow", "analyze_line_write")
    run("lines_change_log", "lines_touched", "lines_remove")
    fresh = _write_fresh(conn, values, apart, known)
    _insert_lines(conn, sql.Identifier("pg_temp", "line_write"), "fact_order", values)
    run("lines_touched_once")
    if fresh > MANY_DAYS:
        days = [day for (day,) in conn.execute(SQL["sales_days"]).fetchall()]
        analyze_partitions(conn, "fact_order", days, ANALYZED_COLUMNS)
    run("headers_write", "headers_remove", "headers_insert")
    run("payments_move", "payments_ranked")
    count("payments_outcomes")
    run("payments_remove", "payments_insert")
    return outcomes


def _write_fresh(
    conn: psycopg.Connection, values: Mapping[str, Any], apart: Sequence[date], known: int
) -> int:
    """Write lines and headers that nobody spoke of before; the sellers and days that they touch.

    The lines go straight from staging to the facts, without a work table in between.
    """
    chosen = SQL["lines_fresh"] if _is_mixed(conn) else SQL["lines_all"]
    place = _open_apart(conn, apart, known)
    lines = sql.SQL("({})").format(sql.SQL(chosen))
    touched = _insert_lines(conn, lines, f"fact_order{place}", values)
    headers = sql.Identifier("dwh", f"fact_order_header{place}")
    conn.execute(SQL.compose("headers_insert_fresh", facts=headers), values)
    if place:
        conn.execute(SQL["apart_join"])
    return touched


def _is_mixed(conn: psycopg.Connection) -> bool:
    """Say whether lines of the batch are known, said twice, or lack a word of their header's."""
    row = conn.execute(SQL["lines_mixed"]).fetchone()
    return row is None or bool(row[0])


def _open_apart(conn: psycopg.Connection, apart: Sequence[date], known: int) -> str:
    """Make quarters apart; returns what is added to the names of the tables to fill.

    Where orders are known, what becomes of their lines may fall into other quarters: the new ones
    join at once.
    """
    if not apart:
        return ""
    conn.execute(SQL["apart_open"], {"first_days": list(apart)})
    if known:
        conn.execute(SQL["apart_join"])
        return ""
    return "_apart"


def _insert_lines(
    conn: psycopg.Connection, lines: sql.Composable, facts: str, values: Mapping[str, Any]
) -> int:
    """Write the lines of a relation; returns the sellers and days that they touch."""
    insert = SQL.compose("lines_insert", lines=lines, facts=sql.Identifier("dwh", facts))
    return conn.execute(insert, values).rowcount
