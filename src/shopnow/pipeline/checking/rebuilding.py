"""Making a dimension again from its change log: the plan, and doing it.

Protects the surrogate keys: a version that is found again keeps its key, one that was lost comes
back under the key that facts of its time hold, so that facts stay where they are; those of versions
that vanish are bound anew in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psycopg import IsolationLevel

from shopnow import __version__
from shopnow.dimensions import (
    Comparison,
    Finding,
    compare_with_log,
    compared_versions,
    dimensions_of,
    drop_work_tables,
    mark_keys,
    recover_versions,
    refold,
    weigh_withdrawals,
)
from shopnow.facts import collect_held_keys, retie_vanished
from shopnow.journal import Event, open_run, record_event
from shopnow.kernel import Sql, connect
from shopnow.marts import create_touched, load_marts, next_batch_no, refresh_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from shopnow.dimensions import Dimension
    from shopnow.kernel import Clock, Settings
    from shopnow.sources import Contracts

SQL = Sql(__package__)
_VERDICTS = ("changed", "missing", "unexplained")


@dataclass(frozen=True)
class RebuildPlan:
    """What making one dimension again does: versions kept and not, and the first of the latter."""

    dimension: str
    versions: Comparison
    examples: dict[str, tuple[Finding, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class RebuildReport:
    """The plans; `applied` says whether they were carried out, by which run, with facts moved."""

    plans: tuple[RebuildPlan, ...]
    applied: bool = False
    run_id: int | None = None
    facts_moved: int = 0

    @property
    def differs(self) -> bool:
        """True when a dimension is not what its log says."""
        return any(plan.versions.differs for plan in self.plans)


def plan_rebuild(
    settings: Settings, contracts: Contracts, clock: Clock, names: Sequence[str] = ()
) -> RebuildReport:
    """What a rebuild of the dimensions named (or of all) would change; nothing is written."""
    with connect(settings, application_name="shopnow rebuild") as conn:
        conn.isolation_level = IsolationLevel.REPEATABLE_READ
        with conn.transaction(force_rollback=True):
            plans = tuple(_plan(conn, one, clock) for one in _chosen(contracts, names))
    return RebuildReport(plans)


def rebuild(
    settings: Settings, contracts: Contracts, clock: Clock, names: Sequence[str] = ()
) -> RebuildReport:
    """Make the dimensions named (or all) again from their logs, in one journaled transaction.

    Waits for loads that are under way. Facts whose version vanishes follow at once, the others by
    the job that binds facts anew; the marts are built anew when anything changed.
    """
    with (
        connect(settings, application_name="shopnow rebuild") as journal,
        connect(settings, application_name="shopnow rebuild") as conn,
    ):
        run = open_run(journal, clock, "rebuild", __version__)
        status = "failed"
        try:
            with conn.transaction():
                conn.execute(SQL["loader_lock"])
                create_touched(conn)
                chosen = _chosen(contracts, names)
                plans, moved = [], 0
                for one in chosen:
                    plans.append(_plan(conn, one, clock))
                    moved += _apply(conn, one, settings, clock) if plans[-1].versions.differs else 0
                mark_keys(conn, chosen, clock.now())
                report = RebuildReport(tuple(plans), True, run.run_id, moved)  # noqa: FBT003
                if report.differs:
                    _refresh_marts(conn, settings, clock)
                record_event(conn, _event(report, clock))
            status = "done"
        finally:
            run.close(status)
    return report


def _chosen(contracts: Contracts, names: Sequence[str]) -> list[Dimension]:
    return [one for one in dimensions_of(contracts) if not names or one.name in names]


def _plan(conn: psycopg.Connection, dimension: Dimension, clock: Clock) -> RebuildPlan:
    # Which withdrawals count is part of the log's own state: it is said anew before the fold.
    compared = compare_with_log(conn, dimension)
    if weigh_withdrawals(conn, dimension, clock.now()):
        compared = compare_with_log(conn, dimension)
    examples = {verdict: tuple(compared_versions(conn, verdict)) for verdict in _VERDICTS}
    return RebuildPlan(dimension.name, compared, {v: e for v, e in examples.items() if e})


def _apply(conn: psycopg.Connection, dimension: Dimension, settings: Settings, clock: Clock) -> int:
    """From the plan's work tables to the dimension; returns facts bound anew."""
    collect_held_keys(conn, dimension.name)
    recover_versions(conn, dimension)
    drop_work_tables(conn, "folded", "target", "vanished")
    refold(conn, dimension, clock.now())
    return retie_vanished(conn, dimension.name, run_at=clock.now(), zone=settings.zone)


def _refresh_marts(conn: psycopg.Connection, settings: Settings, clock: Clock) -> None:
    refresh_all(
        conn,
        load_marts(settings),
        run_at=clock.now(),
        batch_no=next_batch_no(conn),
        zone=settings.zone,
    )


def _event(report: RebuildReport, clock: Clock) -> Event:
    return Event(
        ts=clock.now(),
        source="rebuild",
        type="technique",
        level="WARNING" if report.differs else "INFO",
        message="dimensions reconstruites depuis leur journal",
        run_id=report.run_id,
        payload={
            plan.dimension: {
                "kept": plan.versions.kept,
                "changed": plan.versions.changed,
                "added": plan.versions.missing,
                "removed": plan.versions.unexplained,
            }
            for plan in report.plans
        },
    )
