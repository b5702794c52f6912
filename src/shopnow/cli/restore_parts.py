"""Commands that give back a part: a table, a mart, a seller, keys, files received, declarations.

Without --apply they compare with the past beside the live warehouse and change nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

import click

from shopnow.backup import (
    Kind,
    Part,
    PartReport,
    Reach,
    Wish,
    backups_of,
    restore_declarations,
    restore_keys,
    restore_landing,
    restore_part,
    shelf_for,
    shelf_of,
)
from shopnow.cli.base import ExitCode
from shopnow.cli.french import number, paper, plural, prose, seconds, sheet
from shopnow.cli.ingest import instant
from shopnow.cli.opening import open_existing
from shopnow.cli.progress import teller
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock, UsageError, connect
from shopnow.pipeline import audit_findings, seller_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.kernel import Settings

P = ParamSpec("P")
R = TypeVar("R")
_SHOWN: Final = 20
_OPTIONS: Final = (
    click.option("--to", "to", metavar="TIME", help="As of this instant (a whole restore beside)."),
    click.option("--backup", "identifier", metavar="ID", help="As of this backup."),
    click.option("--keep-newer/--exact", "keep_newer", default=None, help="Rows that later "
                 "deliveries brought: keep them, or go back exactly."),
    click.option("--apply", "is_applied", is_flag=True, help="Do it; else only compare."),
    json_option,
)  # fmt: skip


def _part_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give a command the options that every part has."""

    @wraps(command)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        return command(*args, **kwargs)

    decorated: Callable[P, R] = called
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


@click.command()
@click.argument("name", metavar="SCHEMA.TABLE")
@_part_options
@with_settings
def table(settings: Settings, /, name: str, **options: Any) -> None:  # noqa: ANN401  # of click
    """Give back one table.

    Dropped, emptied or damaged; with all that was built on it.
    """
    _give_back(settings, Part(Reach.TABLE, _qualified(name)), **options)


@click.command()
@click.argument("name", metavar="SCHEMA.PARTITION")
@_part_options
@with_settings
def partition(settings: Settings, /, name: str, **options: Any) -> None:  # noqa: ANN401  # of click
    """Give back one partition of a table."""
    _give_back(settings, Part(Reach.PARTITION, _qualified(name)), **options)


@click.command()
@click.argument("name", metavar="MART")
@_part_options
@with_settings
def mart(settings: Settings, /, name: str, **options: Any) -> None:  # noqa: ANN401  # of click
    """Give back one mart."""
    _give_back(settings, Part(Reach.MART, name.removeprefix("mart.")), **options)


@click.command()
@click.argument("name", metavar="SCHEMA")
@_part_options
@with_settings
def schema(settings: Settings, /, name: str, **options: Any) -> None:  # noqa: ANN401  # of click
    """Give back one schema with everything in it."""
    _give_back(settings, Part(Reach.SCHEMA, name), **options)


@click.command()
@click.argument("seller_id", metavar="SELLER")
@click.option("--table", "tables", multiple=True, metavar="SCHEMA.TABLE", help="Only this; again.")
@_part_options
@with_settings
def seller(
    settings: Settings,
    /,
    seller_id: str,
    tables: tuple[str, ...],
    **options: Any,  # noqa: ANN401  # of click
) -> None:
    """Give back the rows of one seller.

    Those of all others are not touched.
    """
    open_existing(settings)
    with connect(settings, application_name="shopnow restore seller") as conn:
        seller_no = seller_number(conn, seller_id)
    only = tuple(map(_qualified, tables))
    _give_back(settings, Part(Reach.SELLER, seller_id, seller_no, only), **options)


@click.command()
@click.option("--apply", "is_applied", is_flag=True, help="Do it; else only the plan.")
@json_option
@with_settings
def keys(settings: Settings, *, is_applied: bool, as_json: bool) -> None:
    """Put back keys and ledgers that are missing.

    Key store, ledgers and seals; what is there stays.
    """
    known = backups_of(shelf_for(settings, Kind.KEYS))
    if not known:
        raise UsageError("no backup of keys", "`shopnow backup list` shows what there is.")
    folder = shelf_for(settings, Kind.KEYS).folder(known[-1].id)
    names = restore_keys(settings, folder, apply=is_applied)

    def present() -> None:
        for name in names:
            click.echo(f"{'remis' if is_applied else 'à remettre'} : {name}")
        if not names:
            click.echo("rien ne manque")

    show({"backup": known[-1].id, "files": names, "applied": is_applied}, as_json, present)


@click.command()
@json_option
@with_settings
def staging(settings: Settings, as_json: bool) -> None:
    """Put back received files that are missing.

    Those that are there are never replaced.
    """
    shelf = shelf_of(settings)
    known = [backup for backup in backups_of(shelf) if backup.kind is Kind.STAGING]
    count = restore_landing(settings, SystemClock(), [shelf.folder(backup.id) for backup in known])
    text = plural(count, "fichier reçu remis", "fichiers reçus remis")
    show({"files": count}, as_json, lambda: click.echo(text))


@click.command()
@click.option("--apply", "is_applied", is_flag=True, help="Do it; else only the plan.")
@json_option
@with_settings
def metadata(settings: Settings, *, is_applied: bool, as_json: bool) -> None:
    """Put back declarations that are missing.

    Sources, contracts, marts, migrations; what is there stays.
    """
    shelf = shelf_of(settings)
    known = [backup for backup in backups_of(shelf) if backup.kind is Kind.METADATA]
    if not known:
        raise UsageError("no backup of metadata", "`shopnow backup list` shows what there is.")
    found = restore_declarations(settings, shelf.folder(known[-1].id), apply=is_applied)

    def present() -> None:
        for name in found.missing:
            click.echo(f"{'remis' if is_applied else 'à remettre'} : {name}")
        for name in found.differing:
            click.echo(f"différent ici, laissé tel quel : {name}")
        for name, value in found.settings.items():
            click.echo(f"réglage d'alors, autre ici : {name} = {value!r} (shopnow.toml)")
        if not (found.missing or found.differing or found.settings):
            click.echo("rien ne manque")

    show({"backup": known[-1].id, "applied": is_applied} | asdict(found), as_json, present)


COMMANDS: Final = (table, partition, mart, schema, seller, keys, staging, metadata)


def _give_back(
    settings: Settings,
    part: Part,
    *,
    to: str | None,
    identifier: str | None,
    keep_newer: bool | None,
    is_applied: bool,
    as_json: bool,
) -> None:
    open_existing(settings)
    clock = SystemClock()
    wish = Wish(part, instant(to, settings, "--to"), identifier, keep_newer)
    report = restore_part(settings, clock, wish, apply=is_applied, progress=teller(as_json=as_json))
    findings = audit_findings(settings, clock) if is_applied else []
    facts = asdict(report) | {"part": asdict(part), "findings": findings}
    show(facts, as_json, lambda: _tell(report, part, findings))
    if findings:
        click.get_current_context().exit(ExitCode.FINDING)


def _tell(report: PartReport, part: Part, findings: list[str]) -> None:
    page = paper()
    done = "rendu" if report.applied else "comparé, rien n'est changé"
    if not report.any:
        done = "identique, rien à rendre"
    prose(page, f"[bold]{part.name}[/bold] d'après {report.source} : {done}")
    if report.objects:
        objects = plural(len(report.objects), "objet disparu", "objets disparus")
        prose(page, f"  {objects} (tables, index, règles, droits…)")
    rows = [
        (d.table, number(d.missing), number(d.changed), number(d.extra), number(d.same))
        for d in report.differences
        if d.any
    ]
    columns = ["table", ">perdues", ">changées", ">en trop", ">identiques"]
    if rows:
        page.print(sheet("", columns, rows[:_SHOWN]))
    elif report.any:
        prose(page, "Toutes les lignes sont identiques.")
    if report.newer:
        newer = plural(report.newer, "ligne vient", "lignes viennent")
        prose(
            page,
            f"[bold]À décider[/bold] : {newer} de livraisons plus récentes : --keep-newer les "
            "garde, --exact revient exactement à ce moment.",
        )
    prose(page, f"durée : {seconds(sum(report.seconds.values()))}")
    for finding in findings:
        prose(page, f"[bold]constat[/bold] : {finding}")
    if report.any and not report.applied:
        click.echo("\nPour l'appliquer : la même commande avec --apply")


def _qualified(name: str) -> str:
    if name.count(".") != 1:
        raise UsageError(f"{name!r} is no SCHEMA.TABLE", "Write dwh.fact_order.")
    return name
