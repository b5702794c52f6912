"""All audits of scd.md in one snapshot: dimensions, facts, and the counts of deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg import IsolationLevel, sql

from shopnow.dimensions import AUDIT_MOST, Check, audit_dimension, checked, dimensions_of
from shopnow.facts import audit_facts, members_waiting
from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import psycopg

    from shopnow.kernel import Clock, Settings
    from shopnow.sources import Contracts

SQL = Sql(__package__)
_FEEDS: Final = {"seller": "sellers", "product": "products", "customer": "customers"}


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was checked, when, and what was found; `waiting`: members whose facts still follow."""

    at: datetime
    checks: tuple[Check, ...]
    waiting: int

    @property
    def findings(self) -> int:
        """How many findings there are in all."""
        return sum(check.findings for check in self.checks)


def audit_history(
    settings: Settings, contracts: Contracts, clock: Clock, names: Sequence[str] = ()
) -> AuditReport:
    """Every audit of the dimensions named (or of all) and, without names, of facts and deliveries.

    Findings are journaled, as counts; nothing else is written.
    """
    with connect(settings, application_name="shopnow audit") as conn:
        # One snapshot: a load in between is seen by all checks or by none.
        conn.isolation_level = IsolationLevel.REPEATABLE_READ
        with conn.transaction():
            checks = tuple(audit_checks(conn, contracts, names))
            waiting = members_waiting(conn)
        report = AuditReport(clock.now(), checks, waiting)
        if report.findings:
            record_event(conn, _event(report))
    return report


def audit_checks(
    conn: psycopg.Connection, contracts: Contracts, names: Sequence[str] = ()
) -> Iterator[Check]:
    """The checks one after another, in the caller's transaction."""
    for dimension in dimensions_of(contracts):
        if not names or dimension.name in names:
            yield from audit_dimension(conn, dimension)
            yield _statements(conn, dimension.name)
    if not names:
        yield from audit_facts(conn)
        outcomes = SQL["audit_outcomes"]
        yield checked(
            "delivery_outcomes",
            "staging.delivery",
            lambda: conn.execute(outcomes, {"most": AUDIT_MOST}).fetchall(),
        )


def _statements(conn: psycopg.Connection, name: str) -> Check:
    statement = SQL.compose(
        "audit_statements",
        log=sql.Identifier("history", f"{name}_change"),
        feed=sql.Literal(_FEEDS[name]),
    )
    return checked(
        "delivery_statements",
        f"{name}_change",
        lambda: conn.execute(statement, {"most": AUDIT_MOST}).fetchall(),
    )


def _event(report: AuditReport) -> Event:
    found = {f"{check.name} {check.about}": check.findings for check in report.checks}
    return Event(
        ts=report.at,
        source="audit",
        type="qualite",
        level="ERROR",
        message=f"audit de l'histoire : {report.findings} constat(s)",
        error_code="history_audit_failed",
        payload={name: count for name, count in found.items() if count},
    )
