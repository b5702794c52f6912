"""Runs: the list, and one of them with its six steps on a line of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import dict_row

from shopnow.jobs import planned_work
from shopnow.kernel import Sql
from shopnow.web.visit import NotFoundError, Shown

if TYPE_CHECKING:
    from shopnow.web.visit import Visit

SQL = Sql(__package__)
_A_PAGE: Final = 50
_STEPS_SHOWN: Final = 120
# A step shorter than this many five hundredths of its run would not be seen.
_THINNEST: Final = 2


def several_runs(visit: Visit) -> Shown:
    """The newest runs, or those before one (`avant`)."""
    values = {"before": visit.number("avant"), "most": _A_PAGE}
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        runs = cursor.execute(SQL["runs"], values).fetchall()
    older = runs[-1]["run_id"] if len(runs) == _A_PAGE else None
    planned = planned_work(visit.conn)
    # A plan that no worker ever kept is none: a warehouse for a look has only runs.
    return Shown("runs.html", {"runs": runs, "older": older, "planned": planned})


def one_run(visit: Visit) -> Shown:
    """One run: its six steps in time, what each delivery took, and what the journal says of it."""
    run_id = visit.needed("number")
    values = {"run_id": run_id, "now": visit.now, "most": _STEPS_SHOWN}
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        run = cursor.execute(SQL["run"], {"run_id": run_id}).fetchone()
        if run is None:
            raise NotFoundError
        lines = [_line(one) for one in cursor.execute(SQL["run_timeline"], values)]
        steps = cursor.execute(SQL["run_steps"], values).fetchall()
        events = cursor.execute(SQL["run_events"], {"run_id": run_id, "most": 100}).fetchall()
    more = steps[0]["steps"] - len(steps) if steps else 0
    shown = {"run": run, "lines": lines, "steps": steps, "events": events, "more": more}
    return Shown("run.html", shown)


def _line(one: dict[str, Any]) -> dict[str, Any]:
    """One step with the places of its spans on the line of the run."""
    spans = [
        {"x": begins, "width": max(ends - begins, _THINNEST), "status": status}
        for begins, ends, status in one["spans"]
    ]
    return one | {"spans": spans}
