"""The command `drill`: a restore rehearsed on a throw-away server, or sabotaged on purpose."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from shopnow.backup import SABOTAGES_FR, DrillResult, Sabotage, results_in, shelf_of
from shopnow.cli.base import ExitCode
from shopnow.cli.french import moment, number, paper, prose, seconds, sheet
from shopnow.cli.opening import open_existing
from shopnow.cli.progress import teller
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock
from shopnow.pipeline import drill_warehouse

if TYPE_CHECKING:
    from shopnow.kernel import Settings


@click.command()
@click.option("--older", is_flag=True, help="A random older backup, up to its own mark.")
@click.option(
    "--sabotage",
    "spoil",
    type=click.Choice([*(one.value for one in Sabotage), "all"]),
    help="Spoil a copy of what is restored: good when it is noticed.",
)
@click.option("--last", "only_last", is_flag=True, help="Show the last results; rehearse nothing.")
@json_option
@with_settings
def drill(
    settings: Settings, *, older: bool, spoil: str | None, only_last: bool, as_json: bool
) -> None:
    """Rehearse a restore: newest chain, marked second, throw-away server, all checks, timed."""
    if only_last:
        results = results_in(shelf_of(settings).drills)[-10:]
    else:
        open_existing(settings)
        results = [
            drill_warehouse(
                settings, SystemClock(), older=older, sabotage=how, progress=teller(as_json=as_json)
            )
            for how in _chosen(spoil)
        ]
    show([asdict(one) for one in results], as_json, lambda: _tell(results, settings))
    if not results or not all(one.good for one in results):
        click.get_current_context().exit(ExitCode.FINDING)


def _chosen(spoil: str | None) -> list[Sabotage | None]:
    if spoil is None:
        return [None]
    return list(Sabotage) if spoil == "all" else [Sabotage(spoil)]


def _tell(results: list[DrillResult], settings: Settings) -> None:
    page = paper()
    if not results:
        click.echo("aucun exercice")
    for one in results:
        verdict = "[bold]réussi[/bold]" if one.good else "[bold]ÉCHEC[/bold]"
        if one.sabotage:
            said = f"remarqué : {one.noticed_as}" if one.noticed_as else "NON REMARQUÉ"
            prose(page, f"Sabotage « {SABOTAGES_FR[Sabotage(one.sabotage)]} » : {said}")
            continue
        prose(page, f"Exercice du {moment(one.at, settings.tz)} : {verdict} ({one.backup})")
        for finding in one.findings:
            prose(page, f"constat : {finding}", "  ")
        rows = [(step, seconds(length)) for step, length in one.seconds.items()]
        page.print(sheet("", ["étape", ">durée"], rows))
        prose(
            page,
            f"RTO {seconds(one.rto_seconds)}, RPO {seconds(one.rpo_seconds)}, "
            f"{number(one.rows)} lignes de {number(one.tables)} tables",
        )
