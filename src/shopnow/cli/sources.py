"""Commands that bring a new layout into service: source new, check, activate, verify, suspend."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopnow.cli.deliveries_answer import save_answer
from shopnow.cli.french import moment, number, paper, plural, sheet
from shopnow.cli.opening import how_to_call, open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.cli.sources_connect import probe, secret
from shopnow.kernel import UsageError, connect
from shopnow.pipeline import (
    LANGUAGES,
    Context,
    Trial,
    activate_source,
    draft_source,
    list_sources,
    resume_source,
    suspend_source,
    systems_of,
    take_sample,
    verify_source,
)
from shopnow.quality import RULE_CODES
from shopnow.sources import FEEDS, load_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from shopnow.kernel import Settings
    from shopnow.pipeline import Draft, Language

_PATH = click.Path(path_type=Path)
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def source() -> None:
    """Bring a sender's layout into service: draft it, try it, activate it, watch it.

    A layout is one YAML file; no program is changed for a new seller.
    """


source.add_command(secret)
source.add_command(probe)


@source.command()
@click.argument("file", type=_PATH)
@click.option("--sender", required=True, metavar="S", help="`platform`, or a seller's identifier.")
@click.option("--feed", required=True, type=click.Choice(FEEDS), help="What the file tells of.")
@click.option("--system", metavar="NAME", help="Where the seller is registered; found if it can.")
@click.option("--currency", default="EUR", show_default=True, help="Where no column says one.")
@click.option("--out", type=_FILE, help="The draft; by default SENDER-FEED.yaml here.")
@json_option
@with_settings
def new(
    settings: Settings,
    *,
    as_json: bool,
    file: Path,
    sender: str,
    feed: str,
    system: str | None,
    currency: str,
    out: Path | None,
) -> None:
    """Draft a source from a sample FILE: columns are guessed, what is unsure is said."""
    sample = take_sample(file)
    with _opened(settings, "new") as (context, conn):
        draft = draft_source(
            sample, context.contracts, path=file, sender=sender, feed=feed,
            system=system or _system(conn, sender), currency=currency, taken=context.sources,
        )  # fmt: skip
    target = out or Path(f"{draft.name}.yaml")
    if target.exists():
        raise UsageError(f"{target} is there already", "Choose another name with --out.")
    target.write_text(draft.text, encoding="utf-8")
    facts = {"file": target, "name": draft.name, "unsure": draft.unsure, "unused": draft.unused,
             "guesses": draft.guesses}  # fmt: skip
    show(facts, as_json, lambda: _tell_draft(draft, target, file))


@source.command()
@click.argument("source_file", type=_FILE, metavar="YAML")
@click.argument("file", type=_PATH)
@click.option("--out", type=_FILE, help="The full report: .xlsx, .csv or .json.")
@click.option(
    "--lang", "language", type=click.Choice(LANGUAGES), default="fr", help="Of the report."
)
@json_option
@with_settings
def check(
    settings: Settings,
    *,
    as_json: bool,
    source_file: Path,
    file: Path,
    out: Path | None,
    language: Language,
) -> int:
    """Read and judge FILE through a source that is not active: nothing is written.

    Exit 1 when such a delivery would be refused or held.
    """
    with _opened(settings, "check") as (context, conn):
        facts = _try(context, conn, source_file, file)
        if out is not None:
            trial = Trial(context, conn, load_source(source_file), file, language)
            answer = trial.answer(everything=True)
            save_answer(answer, _form(out), out, settings, quiet=as_json)
    show(facts, as_json, lambda: _tell_trial(facts, source_file))
    return 0 if facts["passes"] else 1


@source.command()
@click.argument("what", metavar="YAML|NAME")
@click.option("--sample", type=_FILE, metavar="FILE", help="Try it first; a failed trial stops.")
@json_option
@with_settings
def activate(settings: Settings, *, as_json: bool, what: str, sample: Path | None) -> int:
    """Make a source file, or a suspended source of that name, read deliveries from now on."""
    path = Path(what)
    with _opened(settings, "activate") as (context, conn):
        if path.suffix not in (".yaml", ".yml"):
            chosen = resume_source(context, conn, what)
        else:
            if not path.is_file():
                raise UsageError(f"no source file {path}", "`shopnow source new` drafts one.")
            facts = _try(context, conn, path, sample) if sample is not None else None
            if facts is not None and not facts["passes"]:
                show(facts, as_json, lambda: _tell_trial(facts, path))
                return 1
            chosen = activate_source(context, conn, path)
    said = {"source": chosen.name, "sender": chosen.sender, "feed": chosen.feed, "state": "active"}

    def present() -> None:
        click.echo(f"Source {chosen.name} activée.")
        click.echo(f"Ensuite : {how_to_call()} ingest FICHIER --source {chosen.name} --run")

    show(said, as_json, present)
    return 0


@source.command()
@click.argument("name")
@json_option
@with_settings
def suspend(settings: Settings, *, as_json: bool, name: str) -> None:
    """Take nothing in through source NAME any more; what it took in stays, and stays readable."""
    with _opened(settings, "suspend") as (context, conn):
        suspend_source(context, conn, name)
    again = f"{how_to_call()} source activate {name}"
    show(
        {"source": name, "state": "suspended"},
        as_json,
        lambda: click.echo(f"Source {name} suspendue. La reprendre : {again}"),
    )


@source.command()
@click.argument("name")
@click.option("--days", type=click.IntRange(min=1), default=7, show_default=True)
@click.option("--suspend", "stops", is_flag=True, help="Suspend it when something is wrong.")
@json_option
@with_settings
def verify(settings: Settings, *, as_json: bool, name: str, days: int, stops: bool) -> int:
    """Look at what source NAME brought in its last days; exit 1 when something is wrong."""
    with _opened(settings, "verify") as (context, conn):
        found = verify_source(context, conn, name, days=days)
        if found.troubles and stops and name in context.sources:
            suspend_source(context, conn, name)

    def present() -> None:
        click.echo(
            f"Source {name}, {days} jours : {plural(found.deliveries, 'livraison')},"
            f" {plural(found.records, 'enregistrement')}, {plural(found.rejected, 'rejet')}"
        )
        for trouble in found.troubles or ("rien à signaler",):
            click.echo(f"  {trouble}")
        if found.troubles and stops:
            click.echo(f"Source {name} suspendue.")

    show(found, as_json, present)
    return 1 if found.troubles else 0


@source.command(name="list")
@json_option
@with_settings
def list_command(settings: Settings, as_json: bool) -> None:
    """List sources: sender, feed, state, and how their last five deliveries went."""
    with _opened(settings, "list") as (context, conn):
        found = list_sources(context, conn)

    def present() -> None:
        if not found:
            click.echo("Aucune source.")
            return
        states = {"active": "active", "suspended": "suspendue"}
        rows = [
            (one.name, one.sender, one.feed, one.format, states[one.state],
             number(one.deliveries), moment(one.last_received_at, settings.tz),
             f"{100 * one.rejected / one.records:.1f} %".replace(".", ",") if one.records else "")
            for one in found
        ]  # fmt: skip
        columns = ["=source", "expéditeur", "=flux", "=format", "=état", ">livraisons",
                   "=dernière", ">rejets"]  # fmt: skip
        paper().print(sheet("", columns, rows))

    show(found, as_json, present)


@contextmanager
def _opened(settings: Settings, doing: str) -> Iterator[tuple[Context, psycopg.Connection[Any]]]:
    open_existing(settings)
    with (
        Context.open(settings) as context,
        connect(settings, application_name=f"shopnow source {doing}") as connection,
    ):
        yield context, connection


def _system(conn: psycopg.Connection[Any], sender: str) -> str:
    found = ["shopnow"] if sender == "platform" else systems_of(conn, sender)
    if len(found) != 1:
        known = f"Registered in: {', '.join(found)}." if found else "It is not registered yet."
        raise UsageError(f"it is not known in which system {sender!r} is registered",
                         f"{known} Say it with --system NAME.")  # fmt: skip
    return found[0]


def _try(
    context: Context, conn: psycopg.Connection[Any], source_file: Path, file: Path
) -> dict[str, Any]:
    for path in (source_file, file):
        if not path.is_file():
            raise UsageError(f"no file {path}", "Check the path; it is relative to where you are.")
    trial = Trial(context, conn, load_source(source_file), file)
    answer = trial.answer()
    rules: dict[tuple[str, str], list[int]] = {}
    for line in answer.lines:
        for one in line.findings:
            rules.setdefault((one.rule, one.column), []).append(line.line_no)
    return {
        "source": trial.source.name,
        "file": file.name,
        "passes": trial.passes,
        "lines": trial.lines,
        "records": trial.records,
        "rejected": trial.rejected,
        "unreadable": trial.unreadable,
        "whole": [one.what for one in answer.whole],
        "rules": [
            {"rule": rule, "column": column, "times": len(lines), "first_lines": lines[:5]}
            for (rule, column), lines in sorted(rules.items(), key=lambda kv: -len(kv[1]))
        ],
    }


def _form(out: Path) -> str:
    form = out.suffix.lstrip(".").lower()
    if form not in ("csv", "xlsx", "json"):
        raise UsageError(f"no report of the kind {out.suffix!r}", "End it with .xlsx, .csv, .json.")
    return form


def _tell_draft(draft: Draft, target: Path, file: Path) -> None:
    page = paper()
    page.print(f"Brouillon écrit : [bold]{target}[/bold]")
    rows = [
        (kind, one.attribute, one.column, f"{round(100 * one.confidence)} %", one.why)
        for kind, found in draft.guesses.items()
        for one in found
    ]
    page.print(sheet("", ["=quoi", "=attribut", "colonne", ">sûr à", "pourquoi"], rows))
    if draft.unsure:
        page.print("\n[bold]À vérifier[/bold]")
        for sentence in draft.unsure:
            page.print(f"  {sentence}", markup=False)
    if draft.unused:
        page.print(f"\nColonnes non lues : {', '.join(draft.unused)}", markup=False)
    page.print(f"\nEnsuite : {how_to_call()} source check {target} {file}", markup=False)


def _tell_trial(facts: dict[str, Any], source_file: Path) -> None:
    page = paper()
    page.print(f"Essai de {facts['file']} par la source {facts['source']} : rien n'est écrit.")
    page.print(
        f"  {number(facts['lines'])} lignes, {plural(facts['records'], 'enregistrement')},"
        f" {plural(facts['rejected'], 'rejet')}, {plural(facts['unreadable'], 'ligne')} illisibles"
    )
    for sentence in facts["whole"]:
        page.print(f"  {sentence}", markup=False)
    rows = [
        (one["rule"], one["column"], number(one["times"]), RULE_CODES[one["rule"]].what_fr,
         ", ".join(map(str, one["first_lines"])))
        for one in facts["rules"]
    ]  # fmt: skip
    if rows:
        page.print()
        columns = ["=règle", "colonne", ">fois", "ce qui ne va pas", "lignes"]
        page.print(sheet("", columns, rows))
    if facts["passes"]:
        page.print(f"\nBon. Ensuite : {how_to_call()} source activate {source_file}", markup=False)
    else:
        page.print("\nUne telle livraison serait refusée ou retenue : corrigez la source.")
