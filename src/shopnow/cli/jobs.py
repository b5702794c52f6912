"""Commands about planned work: job list, job run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shopnow.cli.french import moment, paper, sheet
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.jobs import TASKS, keep_plan, perform, planned_work
from shopnow.kernel import SystemClock, UsageError, connect, nearest

if TYPE_CHECKING:
    from shopnow.jobs import Planned
    from shopnow.kernel import Settings

_STATUS_FR = {"running": "en cours", "done": "faite", "failed": "en échec", None: "jamais faite"}


@click.group()
def job() -> None:
    """Follow what the warehouse does by itself, or do one of it now."""


@job.command(name="list")
@json_option
@with_settings
def list_them(settings: Settings, *, as_json: bool) -> int:
    """List planned work: its rhythm, when it comes next, what became of it last.

    Exit 1 when the last attempt of one failed.
    """
    open_existing(settings)
    with connect(settings, application_name="shopnow job") as connection:
        found = planned_work(connection)

    def present() -> None:
        if not found:
            click.echo("Rien n'est planifié : `shopnow up` démarre le travailleur.")
            return
        rows = [_row(one, settings) for one in found]
        columns = ["tâche", "quoi", "rythme", "=prochaine", "=dernière", "=état", "dit"]
        paper().print(sheet("Travail planifié", columns, rows))

    show(found, as_json, present)
    return 1 if any(one.status == "failed" for one in found) else 0


@job.command(name="run")
@click.argument("name")
@json_option
@with_settings
def run_one(settings: Settings, *, as_json: bool, name: str) -> int:
    """Do the planned work NAME now, whatever its time; exit 3 when it fails."""
    tasks = {one.name: one for one in TASKS}
    if name not in tasks:
        close = nearest(name, tasks)
        hint = f"Did you mean {close!r}?" if close else "`shopnow job list` shows them."
        raise UsageError(f"no planned work {name!r}", hint)
    open_existing(settings)
    clock = SystemClock()
    with connect(settings, application_name="shopnow job") as connection:
        keep_plan(connection, [tasks[name]], clock.now())
    said = perform(settings, clock, tasks[name])
    show({"task": name, "said": said}, as_json, lambda: click.echo(f"{tasks[name].title} : {said}"))
    return 0


def _row(one: Planned, settings: Settings) -> tuple[object, ...]:
    last = moment(one.ended_at, settings.tz) if one.ended_at else ""
    return (one.task, one.title, one.rhythm, moment(one.next_at, settings.tz), last,
            _STATUS_FR.get(one.status, one.status), one.said or "")  # fmt: skip
