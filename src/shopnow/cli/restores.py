"""Commands that give back: restore full, open, list, revert, drop, keys, staging.

Each shows its plan first; --beside restores next to the live warehouse and compares, --apply swaps.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from shopnow.backup import (
    Target,
    apply_restore,
    build_beside,
    drop_restore,
    open_live,
    plan_restore,
    restores,
    revert_restore,
)
from shopnow.cli.base import ExitCode
from shopnow.cli.french import number, paper, plural, prose, seconds, sheet
from shopnow.cli.ingest import instant
from shopnow.cli.opening import how_to_call
from shopnow.cli.progress import teller
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.cli.restore_parts import COMMANDS as PARTS
from shopnow.kernel import SystemClock
from shopnow.pipeline import audit_findings

if TYPE_CHECKING:
    from datetime import datetime

    from shopnow.backup import Built, Plan, Replayed
    from shopnow.kernel import Settings

_MIB = 1024 * 1024
_SHOWN = 12
_apply = click.option("--apply", "is_applied", is_flag=True, help="Do it; else only the plan.")


@click.group()
def restore() -> None:
    """Give back the warehouse, or a part of it."""


for _command in PARTS:
    restore.add_command(_command)


@restore.command()
@click.option("--to", "to", metavar="TIME", help="This instant; else as far as the archive goes.")
@click.option("--backup", "identifier", metavar="ID", help="Start from this backup.")
@click.option("--timeline", type=int, metavar="N", help="Another line of the log than the last.")
@click.option("--beside", "is_built", is_flag=True, help="Restore beside and compare; no swap.")
@click.option("--name", metavar="NAME", help="Swap one restored with --beside.")
@_apply
@json_option
@with_settings
def full(
    settings: Settings,
    *,
    to: str | None,
    identifier: str | None,
    timeline: int | None,
    is_built: bool,
    name: str | None,
    is_applied: bool,
    as_json: bool,
) -> None:
    """Restore the whole warehouse.

    Without an option the plan; --beside restores next to the live one and compares; --apply swaps.
    """
    clock, tell = SystemClock(), teller(as_json=as_json)
    if name is not None and is_applied:
        replayed = apply_restore(settings, clock, name, tell)
        show({"name": name, "applied": True}, as_json, lambda: _tell_open(replayed, name))
        return
    at = instant(to, settings, "--to")
    plan = plan_restore(
        settings, clock, to=at, backup=identifier, target=Target(to=at, number=timeline)
    )
    if not (is_built or is_applied):
        show(_plan_facts(plan), as_json, lambda: _tell_plan(plan, to))
        return
    built = build_beside(
        settings,
        clock,
        plan,
        audit=lambda restored: len(audit_findings(restored, clock)),
        progress=tell,
    )
    facts = _plan_facts(plan) | _built_facts(built) | {"applied": is_applied}
    if is_applied and built.findings == 0:
        replayed = apply_restore(settings, clock, plan.id, tell)
        show(facts, as_json, lambda: _tell_open(replayed, plan.id))
        return
    show(facts, as_json, lambda: _tell_built(built))
    if built.findings:
        click.get_current_context().exit(ExitCode.FINDING)


@restore.command(name="list")
@json_option
@with_settings
def list_restores(settings: Settings, as_json: bool) -> None:
    """List what stands beside the live one."""
    known = restores(settings)
    words = {"built": "prête, à côté", "swapped": "en service", "reverted": "remplacée de nouveau"}
    rows = [(name, words.get(s.get("stage", ""), "interrompue")) for name, s in known.items()]
    table = sheet("", ["=restauration", "état"], rows)
    show(known, as_json, lambda: paper().print(table) if rows else click.echo("aucune"))


@restore.command(name="open")
@json_option
@with_settings
def open_restored(settings: Settings, as_json: bool) -> None:
    """Replay both ledgers and let everybody in.

    For a warehouse that was put in service by hand, and is closed.
    """
    replayed = open_live(settings, SystemClock())
    show(asdict(replayed), as_json, lambda: _tell_open(replayed, ""))


@restore.command()
@click.argument("name")
@_apply
@with_settings
def revert(settings: Settings, name: str, *, is_applied: bool) -> None:
    """Put back what was live before NAME."""
    if is_applied:
        revert_restore(settings, SystemClock(), name)
        click.echo(f"l'entrepôt d'avant {name} est de nouveau en service")
        return
    click.echo(f"L'entrepôt d'avant {name} reprendrait le service ; ce qui a été écrit depuis")
    click.echo("resterait à côté.")
    click.echo(f"Pour l'appliquer : {how_to_call()} restore revert {name} --apply")


@restore.command()
@click.argument("name")
@_apply
@with_settings
def drop(settings: Settings, name: str, *, is_applied: bool) -> None:
    """Delete what the restore NAME left."""
    if is_applied:
        drop_restore(settings, SystemClock(), name)
        click.echo(f"restauration {name} effacée")
        return
    click.echo(f"Pour l'effacer : {how_to_call()} restore drop {name} --apply")


def _plan_facts(plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.id,
        "chain": [backup.id for backup in plan.chain],
        "to": plan.target.to,
        "wal_segments": plan.wal_segments,
        "bytes_needed": plan.bytes_needed,
        "steps": [{"step": step, "seconds": round(length, 1)} for step, length in plan.steps],
    }


def _built_facts(built: Built) -> dict[str, Any]:
    return {
        "last_commit_at": built.recovered.last_commit_at,
        "erasures": built.replayed.erasures,
        "accesses": built.replayed.accesses,
        "findings": built.findings,
        "tables_differing": [
            asdict(one) for one in (built.comparison.tables if built.comparison else ())
        ],
        "seconds": built.seconds,
    }


def _tell_plan(plan: Plan, to: str | None) -> None:
    page = paper()
    until = f"jusqu'au {to}" if to else "jusqu'à la fin des journaux archivés"
    prose(page, f"[bold]Restauration prévue[/bold] {until}, à côté de l'entrepôt en service")
    for backup in plan.chain:
        page.print(f"  {backup.id}")
    journals = plural(plan.wal_segments, "journal", "journaux")
    page.print(f"  {journals} à rejouer, {number(plan.bytes_needed // _MIB)} Mo de place")
    page.print()
    rows = [(step, seconds(length)) for step, length in plan.steps]
    rows.append(("en tout", seconds(sum(length for _, length in plan.steps))))
    page.print(sheet("", ["étape", ">durée estimée"], rows))
    option = f" --to '{to}'" if to else ""
    click.echo(f"\nÀ côté, pour comparer : {how_to_call()} restore full{option} --beside")
    click.echo(f"Et mettre en service : {how_to_call()} restore full{option} --apply")


def _tell_built(built: Built) -> None:
    page = paper()
    reached = built.recovered.last_commit_at
    prose(
        page,
        f"[bold]Restauré à côté[/bold] : {built.id}, dernière écriture "
        f"{_second(reached)}, {plural(built.replayed.erasures, 'effacement')} et "
        f"{plural(built.replayed.accesses, 'accès', 'accès')} rejoués",
    )
    if built.comparison is None:
        prose(page, "L'entrepôt en service ne répond pas : rien à comparer.")
    else:
        rows = [
            (one.name, number(one.before), number(one.after))
            for one in built.comparison.tables[:_SHOWN]
        ]
        same = built.comparison.compared - len(built.comparison.tables)
        prose(page, f"{plural(same, 'table identique', 'tables identiques')} à celles en service.")
        if rows:
            page.print(sheet("", ["table", ">en service", ">restaurée"], rows))
    if built.findings:
        prose(
            page, f"[bold]{plural(built.findings, 'constat')} des audits[/bold] : à ne pas servir."
        )
        return
    click.echo(f"\nMettre en service : {how_to_call()} restore full --name {built.id} --apply")
    click.echo(f"Abandonner : {how_to_call()} restore drop {built.id} --apply")


def _tell_open(replayed: Replayed, name: str) -> None:
    page = paper()
    prose(
        page,
        f"[bold]Entrepôt ouvert[/bold] : {plural(replayed.erasures, 'effacement')} et "
        f"{plural(replayed.accesses, 'accès', 'accès')} du registre rejoués.",
    )
    if name:
        click.echo(f"L'ancien reste à côté : {how_to_call()} restore drop {name} --apply l'efface")
        click.echo(f"Revenir en arrière : {how_to_call()} restore revert {name} --apply")
        click.echo("Faire maintenant une complète : shopnow backup run full")


def _second(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "inconnue"
