"""The job after a run's loads: facts follow the histories that changed under them (scd.md R7).

Each month is a transaction of its own, the newest first: a job that is killed goes on with the next
run where it stopped, and readers never wait for more than a month.  Until a fact has followed,
as-was is read by time, which is always right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.facts import RetieJob, close_retie, open_retie, retie_month, waits_for_retie
from shopnow.kernel import Sql
from shopnow.marts import create_touched, next_batch_no, refresh_touched

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    import psycopg

    from shopnow.marts import Mart
    from shopnow.pipeline.context import Context

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class RetieReport:
    """What the job did: months gone through, facts bound anew or given a new copy."""

    months: int = 0
    facts: int = 0


def follow_histories(
    context: Context,
    conn: psycopg.Connection,
    marts: Sequence[Mart],
    say: Callable[[str], None],
) -> RetieReport:
    """Bind the facts of the whole work list anew; `conn` is in autocommit and nobody else's.

    A job that was killed is gone through to its end before what came later is taken up.
    """
    months = facts = 0
    zone, clock = context.settings.zone, context.clock
    while waits_for_retie(conn):
        with conn.transaction():
            conn.execute(SQL["loader_lock"])
            job = open_retie(conn, run_at=clock.now(), zone=zone)
            if job is None:
                break
            if not job.months:
                # Nothing was bound anew: a list that a power cut brings back is gone through again.
                conn.execute(SQL["commit_soon"], {"is_local": True})
                close_retie(conn, job)
                continue
        for month in job.months:
            moved = _month(context, conn, job, month, marts)
            if moved:
                say(f"histoire corrigée : {moved} faits de {month:%Y-%m} rattachés à leur version")
            months, facts = months + 1, facts + moved
        with conn.transaction():
            conn.execute(SQL["loader_lock"])
            close_retie(conn, job)
    return RetieReport(months, facts)


def _month(
    context: Context, conn: psycopg.Connection, job: RetieJob, month: date, marts: Sequence[Mart]
) -> int:
    zone, now = context.settings.zone, context.clock.now()
    with conn.transaction():
        conn.execute(SQL["loader_lock"])
        create_touched(conn)
        moved = retie_month(conn, job, month, run_at=now, zone=zone)
        if moved:
            refresh_touched(conn, marts, run_at=now, batch_no=next_batch_no(conn), zone=zone)
    return moved
