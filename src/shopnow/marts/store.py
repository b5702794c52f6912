"""Refreshing the marts in the loader's transaction, and saying what is published.

Protects two rules: the cost of a refresh follows what was touched, and a refresh gives the
same rows as a full rebuild.
"""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from shopnow.kernel import Settings, Sql, TerminalError
from shopnow.marts.model import DERIVED_TABLES, INPUTS, Mart, MartError, MartResult, parse_mart

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from psycopg import Connection
    from psycopg.rows import TupleRow

SQL = Sql(__package__ or "")


def load_marts(settings: Settings) -> tuple[Mart, ...]:
    """Return the marts that `marts/*.sql` declare, by name; raises MartError."""
    found = tuple(
        parse_mart(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(settings.marts_dir.glob("*.sql"))
    )
    if not found:
        message = f"no mart in {settings.marts_dir}"
        raise MartError(message, "Check the setting marts_dir.")
    return found


def create_touched(conn: Connection[TupleRow]) -> None:
    """Make the temporary tables `touched_*` that do not exist; empty when the transaction ends.

    They stand as long as their session, so that a delivery that follows another makes none.
    """
    if conn.autocommit and conn.info.transaction_status == TransactionStatus.IDLE:
        message = "marts are refreshed inside a transaction only"
        raise TerminalError(message, "Open one with `conn.transaction()`.")
    _create(conn, INPUTS)


def refresh_touched(
    conn: Connection[TupleRow],
    marts: Sequence[Mart],
    *,
    run_at: datetime,
    batch_no: int,
    zone: str,
) -> list[MartResult]:
    """Bring the rows that `touched_*` name up to date; marts that nothing touched are left out.

    Runs in the caller's transaction, in which those temporary tables hold distinct rows.
    """
    create_touched(conn)
    filled = {name for (name,) in conn.execute(SQL["touched_filled"]).fetchall()}
    if not any(mart.inputs & filled for mart in marts):
        return []
    _prepare_derived(conn, zone)
    extent = _extent(conn, zone)
    values = extent | {"run_at": run_at, "batch_no": batch_no, "zone": zone}
    conn.execute(SQL["presorting_off"])
    results = [_refreshed(conn, mart, values) for mart in marts if mart.inputs & filled]
    conn.execute(SQL["presorting_default"])
    return results


def refresh_all(
    conn: Connection[TupleRow],
    marts: Sequence[Mart],
    *,
    run_at: datetime,
    batch_no: int,
    zone: str,
) -> list[MartResult]:
    """Build the given marts anew from the facts, in the caller's transaction.

    Waits for a load that is running: it takes the loader's lock.
    """
    create_touched(conn)
    conn.execute(SQL["loader_lock"])
    wanted = {name for mart in marts for name in mart.inputs}
    for name in INPUTS:
        conn.execute(SQL.compose("touched_clear", table=sql.Identifier(name)))
        if name in wanted and name != "touched_products":
            conn.execute(SQL[f"{name}_everything"], {"zone": zone})
    cleared = {mart.name: _cleared(conn, mart) for mart in marts}
    done = {
        result.name: result
        for result in refresh_touched(conn, marts, run_at=run_at, batch_no=batch_no, zone=zone)
    }
    untouched = MartResult("", 0, 0, 0, 0.0)
    return [
        MartResult(
            mart.name,
            cleared[mart.name],
            done.get(mart.name, untouched).inserted,
            done.get(mart.name, untouched).updated,
            done.get(mart.name, untouched).seconds,
        )
        for mart in marts
    ]


def publish(
    conn: Connection[TupleRow],
    feed_sellers: Iterable[tuple[str, int]],
    batch_no: int,
    at: datetime,
) -> int:
    """Say that readers may see `batch_no` of these feeds and sellers; return how many pairs.

    A watermark never goes back: an older batch leaves a newer one standing.
    """
    pairs = sorted(set(feed_sellers))
    cursor = conn.execute(
        SQL["published_upsert"],
        {
            "feeds": [feed for feed, _ in pairs],
            "seller_nos": [seller_no for _, seller_no in pairs],
            "batch_no": batch_no,
            "at": at,
        },
    )
    return cursor.rowcount


def next_batch_no(conn: Connection[TupleRow]) -> int:
    """Return a batch number for a refresh that no load asked for."""
    row = conn.execute(SQL["batch_next"]).fetchone()
    return int(row[0]) if row else 0


def mart_facts(conn: Connection[TupleRow], mart: Mart) -> tuple[int, datetime | None]:
    """Return how many rows a mart has and when the newest was written (UTC)."""
    row = conn.execute(SQL.compose("mart_facts", mart=_table(mart))).fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


def _create(conn: Connection[TupleRow], names: Sequence[str]) -> None:
    """Make the temporary tables that do not exist, all at once: as a rule they do."""
    conn.execute(sql.SQL("; ").join(sql.SQL(SQL[f"{name}_create"]) for name in names))


def _prepare_derived(conn: Connection[TupleRow], zone: str) -> None:
    _create(conn, DERIVED_TABLES)
    for name in DERIVED_TABLES:
        # Those of an earlier refresh in the same transaction.
        conn.execute(SQL.compose("touched_clear", table=sql.Identifier(name)))
        conn.execute(SQL[f"{name}_fill"], {"zone": zone})
    for name in (*INPUTS, *DERIVED_TABLES):
        conn.execute(SQL.compose("touched_analyze", table=sql.Identifier(name)))


def _extent(conn: Connection[TupleRow], zone: str) -> dict[str, Any]:
    with conn.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(SQL["touched_extent"], {"zone": zone}).fetchone()
    return {} if row is None else row


def _refreshed(conn: Connection[TupleRow], mart: Mart, values: Mapping[str, Any]) -> MartResult:
    started = perf_counter()
    counts = {"delete": 0, "insert": 0, "update": 0}
    for statement in mart.statements:
        # Not prepared: the days are in the plan, so that only their partitions are read.
        cursor = conn.execute(statement.text, values, prepare=False)
        counts[statement.verb] += cursor.rowcount
    seconds = round(perf_counter() - started, 3)
    return MartResult(mart.name, counts["delete"], counts["insert"], counts["update"], seconds)


def _cleared(conn: Connection[TupleRow], mart: Mart) -> int:
    return conn.execute(SQL.compose("mart_clear", mart=_table(mart))).rowcount


def _table(mart: Mart) -> sql.Identifier:
    return sql.Identifier("mart", mart.name)
