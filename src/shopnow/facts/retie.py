"""Facts follow the histories that changed under them (scd.md R7).

Protects as-was: a fact stands with the version that holds at its own time.  The engine writes down
which times of which members changed (`history.retie_due`); a job of its own goes through their
facts month by month, the newest first, each month a transaction.  Facts of a version that is no
more cannot wait: they follow in the transaction that takes it away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, LiteralString
from zoneinfo import ZoneInfo

from shopnow.dimensions import drop_work_tables
from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

SQL = Sql(__package__)
_LINES_OF = {
    "seller": ("retie_lines_seller",),
    "product": ("retie_lines_product", "retie_offers_product", "retie_clicks_product"),
    "customer": ("retie_lines_customer", "retie_headers_customer"),
}
_WORK_TABLES = ("retie_range", "retie_bound", "retie_rate", "retie_pair", "retie_moved")
_PARTITION = re.compile(r"_(?P<year>\d{4})(?P<kind>[qm])(?P<place>\d{1,2})$")


@dataclass(frozen=True, slots=True)
class RetieJob:
    """What a job has before it: entries of the work list up to a number, months newest first."""

    last_due_no: int
    months: Sequence[date]


def retie_vanished(conn: psycopg.Connection, dimension: str, *, run_at: datetime, zone: str) -> int:
    """Bind the facts of the work table `vanished` of one dimension anew; returns how many moved.

    Runs in the transaction in which these versions vanish, with the marts' touched tables at hand.
    """
    if not _any(conn, SQL["vanished_made"]) or not _any(conn, SQL["vanished_any"]):
        return 0
    drop_work_tables(conn, *_WORK_TABLES)
    conn.execute(SQL[f"retie_bound_{dimension}"])
    conn.execute(SQL["retie_bound_analyze"])
    conn.execute(SQL["retie_range_vanished"])
    conn.execute(SQL["retie_range_analyze"])
    window = _window(conn, zone)
    moved = 0
    if window is not None:
        moved = _follow(conn, (dimension,), window | {"run_at": run_at, "zone": zone})
    drop_work_tables(conn, *_WORK_TABLES)
    return moved


def note_unbound_clicks(conn: psycopg.Connection, deliveries: Sequence[int]) -> int:
    """Remember the products that staged clicks name and nobody knows; returns how many."""
    return conn.execute(SQL["clicks_unbound"], {"deliveries": list(deliveries)}).rowcount


def find_waiting_clicks(
    conn: psycopg.Connection, deliveries: Sequence[int], run_at: datetime
) -> int:
    """Put products of the batch that clicks waited for on the work list; returns how many."""
    if not _any(conn, SQL["clicks_waiting"]):
        return 0
    values = {"deliveries": list(deliveries), "run_at": run_at}
    return conn.execute(SQL["clicks_found"], values).rowcount


def waits_for_retie(conn: psycopg.Connection) -> bool:
    """Say whether anything stands in the work list, or a job was not gone through to its end."""
    return _any(conn, SQL["retie_waits"])


def open_retie(conn: psycopg.Connection, *, run_at: datetime, zone: str) -> RetieJob | None:
    """Take the work list up, or go on where a killed job stopped; None when nothing is due.

    The caller holds the loader lock and a transaction.  The session keeps work tables that
    `retie_month` reads until `close_retie`.
    """
    under_way = conn.execute(SQL["retie_progress_read"]).fetchone()
    if under_way is None:
        under_way = conn.execute(SQL["retie_progress_open"], {"run_at": run_at}).fetchone()
    if under_way is None:
        return None
    last_due_no, before_month = under_way
    possible = _months_of_partitions(conn)
    if not possible:
        return RetieJob(last_due_no, ())
    drop_work_tables(conn, *_WORK_TABLES)
    conn.execute(SQL["retie_range_due"], {"last_due_no": last_due_no})
    conn.execute(SQL["retie_range_analyze"])
    values = {"months": possible, "before_month": before_month, "zone": zone}
    months = [month for (month,) in conn.execute(SQL["retie_months"], values)]
    if months:
        conn.execute(SQL["retie_bound_due"])
        conn.execute(SQL["retie_bound_analyze"])
        conn.execute(SQL["retie_rate"])
    return RetieJob(last_due_no, months)


def retie_month(
    conn: psycopg.Connection, job: RetieJob, month: date, *, run_at: datetime, zone: str
) -> int:
    """Bind the facts of one month anew, and note that it is done; returns how many moved.

    The caller holds the loader lock and a transaction of its own for the month, with the marts'
    touched tables at hand, which name what has to be refreshed.
    """
    following = _next_month(month)
    values = {
        "first_on": month,
        "next_on": following,
        "first_at": datetime.combine(month, time(), ZoneInfo(zone)),
        "next_at": datetime.combine(following, time(), ZoneInfo(zone)),
        "run_at": run_at,
        "zone": zone,
    }
    adjusted = conn.execute(SQL["retie_commissions"], values).rowcount
    moved = _follow(conn, tuple(_LINES_OF), values)
    if moved or adjusted:
        # A month in which nothing moved is looked at again after a kill: that costs less.
        values = {"last_due_no": job.last_due_no, "month": month}
        conn.execute(SQL["retie_progress_advance"], values)
    return moved


def close_retie(conn: psycopg.Connection, job: RetieJob) -> None:
    """Take what the job did off the work list, in the caller's transaction."""
    conn.execute(SQL["retie_progress_close"], {"last_due_no": job.last_due_no})
    drop_work_tables(conn, *_WORK_TABLES)


def _follow(conn: psycopg.Connection, dimensions: Sequence[str], values: dict[str, Any]) -> int:
    """Run the statements of these dimensions and journal what they moved."""
    drop_work_tables(conn, "retie_moved")
    conn.execute(SQL["retie_moved"])
    for dimension in dimensions:
        if dimension == "product":
            sellers = _pair_products(conn)
            if not sellers:
                continue
            values = values | {"sellers": sellers}
        for name in _LINES_OF[dimension]:
            # Not prepared: days and sellers are in the plan, so that only theirs are read.
            conn.execute(SQL[name], values, prepare=False)
    rows = conn.execute(SQL["retie_journal"], values).fetchall()
    return sum(int(facts) for (facts,) in rows)


def _pair_products(conn: psycopg.Connection) -> list[int]:
    """Find which versions the facts of products belong to; returns whose products they are."""
    drop_work_tables(conn, "retie_pair")
    conn.execute(SQL["retie_pair_product"])
    conn.execute(SQL["retie_pair_analyze"])
    row = conn.execute(SQL["retie_pair_sellers"]).fetchone()
    return list(row[0]) if row else []


def _window(conn: psycopg.Connection, zone: str) -> dict[str, Any] | None:
    row = conn.execute(SQL["retie_window"], {"zone": zone}).fetchone()
    if row is None or row[0] is None:
        return None
    return dict(zip(("first_at", "next_at", "first_on", "next_on"), row, strict=True))


def _months_of_partitions(conn: psycopg.Connection) -> list[date]:
    """The months that facts can stand in: those of the partitions that exist."""
    months = set()
    for (name,) in conn.execute(SQL["partitions_present"]).fetchall():
        found = _PARTITION.search(name)
        if found is None:
            continue
        year, place = int(found["year"]), int(found["place"])
        if found["kind"] == "m":
            months.add(date(year, place, 1))
        else:
            months.update(date(year, place * 3 - back, 1) for back in range(3))
    return sorted(months)


def _next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _any(conn: psycopg.Connection, question: LiteralString) -> bool:
    row = conn.execute(question).fetchone()
    return bool(row and row[0])
