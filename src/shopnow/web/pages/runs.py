"""Runs: the list, and one of them with its six steps on a line of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import dict_row

from shopnow.kernel import Sql
from shopnow.web.visit import NotFoundError, Shown

if TYPE_CHECKING:
    from shopnow.web.visit import Visit

SQL = Sql(__package__)
_A_PAGE: Final = 50
_STEPS_SHOWN: Final = 120
_WIDTH: Final = 1000.0
_THINNEST: Final = 3.0


def several_runs(visit: Visit) -> Shown:
    """The newest runs, or those before one (`avant`)."""
    values = {"before": visit.number("avant"), "most": _A_PAGE}
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        runs = cursor.execute(SQL["runs"], values).fetchall()
    older = runs[-1]["run_id"] if len(runs) == _A_PAGE else None
    return Shown("runs.html", {"runs": runs, "older": older})


def one_run(visit: Visit) -> Shown:
    """One run: its steps in time, and what the journal says of it."""
    run_id = visit.needed("number")
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        run = cursor.execute(SQL["run"], {"run_id": run_id}).fetchone()
        if run is None:
            raise NotFoundError
        values = {"run_id": run_id, "now": visit.now, "most": _STEPS_SHOWN}
        steps = [_placed(step) for step in cursor.execute(SQL["run_steps"], values)]
        events = cursor.execute(SQL["run_events"], {"run_id": run_id, "most": 100}).fetchall()
    more = steps[0]["steps"] - len(steps) if steps else 0
    return Shown("run.html", {"run": run, "steps": steps, "events": events, "more": more})


def _placed(step: dict[str, Any]) -> dict[str, Any]:
    """Where a step stands on the line of its run."""
    whole = max(float(step["run_seconds"]), 1e-3)
    begins, ends = float(step["from_seconds"]), float(step["to_seconds"])
    x = min(_WIDTH * begins / whole, _WIDTH - _THINNEST)
    width = max(_WIDTH * (ends - begins) / whole, _THINNEST)
    return step | {
        "x": f"{x:.1f}",
        "width": f"{min(width, _WIDTH - x):.1f}",
        "seconds": ends - begins,
    }
