"""Backups and drills as the rest of the warehouse uses them: judged by its own audits.

The backup room knows no dimension and no mart; what is asked of a restored warehouse stands here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from shopnow.backup import DrillResult, Sabotage, drill
from shopnow.kernel import ShopnowError, Sql, connect
from shopnow.pipeline.checking import audit_history
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.kernel import Clock, Settings

SQL = Sql(__package__ or "")


def drill_warehouse(
    settings: Settings,
    clock: Clock,
    *,
    progress: Callable[[str], None] = lambda _: None,
    older: bool = False,
    sabotage: Sabotage | None = None,
) -> DrillResult:
    """Rehearse a restore on a throw-away server and return what was found; nothing live changes."""
    return drill(
        settings,
        clock,
        judge=lambda restored: judged(restored, clock),
        progress=progress,
        older=older,
        sabotage=sabotage,
    )


def judged(restored: Settings, clock: Clock) -> list[str]:
    """Return what is wrong with a restored warehouse: audits, sample queries; in French."""
    try:
        return [*audit_findings(restored, clock), *_unreadable(restored)]
    except ShopnowError as error:
        return [error.message]


def audit_findings(restored: Settings, clock: Clock) -> list[str]:
    """Return the findings of all audits of history, facts and deliveries, in French."""
    report = audit_history(restored, load_contracts(restored.contracts_dir), clock)
    return [f"{c.name} ({c.about}) : {c.findings} constat(s)" for c in report.checks if c.findings]


def _unreadable(restored: Settings) -> list[str]:
    """Read one row of every mart and view that people are promised."""
    found = []
    with connect(restored, None, application_name="shopnow drill") as conn:
        for (name,) in conn.execute(SQL["promised_relations"]).fetchall():
            try:
                conn.execute(SQL.compose("promised_row", relation=sql.Identifier(*name.split("."))))
            except Exception as error:  # noqa: BLE001  # whatever stops a reader is the finding
                found.append(f"{name} ne se lit pas ({type(error).__name__})")
    return found
