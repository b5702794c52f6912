"""Commands that take deliveries in: ingest (receipt), run (the six steps)."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from shopnow import pipeline
from shopnow.cli.french import number, paper, plural, seconds, sheet
from shopnow.cli.opening import how_to_call
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import UsageError
from shopnow.kernel.server import open_warehouse
from shopnow.pipeline import (
    Conductor,
    Context,
    choose_source,
    list_deliveries,
    receive,
)
from shopnow.sources import FEEDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from shopnow.kernel import Settings
    from shopnow.pipeline import DeliveryFacts, Pulled, Receipt
    from shopnow.sources import Source

_PATH = click.Path(path_type=Path)
# Beyond that many deliveries a run reports by feed: nobody reads a table of a thousand lines.
_SHOWN = 20


@click.command()
@click.argument("files", nargs=-1, type=_PATH, metavar="[FILE...]")
@click.option("--sender", metavar="S", help="`platform`, or a seller's identifier.")
@click.option("--feed", type=click.Choice(FEEDS), help="What the files tell of.")
@click.option("--source", metavar="NAME", help="The source to read them through.")
@click.option("--source-file", type=_PATH, metavar="YAML", help="A source to learn and use.")
@click.option(
    "--mode",
    type=click.Choice(["full", "delta"]),
    help="full: what is absent was withdrawn; delta: no news. Default: as the source says.",
)
@click.option(
    "--effective-at",
    metavar="TIME",
    help="When the content was true, ISO 8601; without offset in the zone of the settings.",
)
@click.option(
    "--corrects", type=int, metavar="KEY", help="The delivery that the file sends again, corrected."
)
@click.option("--due", is_flag=True, help="Fetch every source whose time has come.")
@click.option("--run", "run_now", is_flag=True, help="Run the six steps at once.")
@json_option
@with_settings
def ingest(
    settings: Settings,
    *,
    as_json: bool,
    files: Sequence[Path],
    sender: str | None,
    feed: str | None,
    source: str | None,
    source_file: Path | None,
    mode: str | None,
    effective_at: str | None,
    corrects: int | None,
    due: bool,
    run_now: bool,
) -> int:
    """Take in deliveries: one a file, or one of all files when the source is a bundle.

    A folder stands for the files in it.  The same bytes again are a duplicate: nothing happens.
    Without files the connector of --source NAME fetches them.
    """
    if due or not files:
        only = {"--sender": sender, "--feed": feed, "--mode": mode, "--effective-at": effective_at}
        given = [option for option, value in only.items() if value is not None]
        return fetch(settings, source, source_file, due=due, run_now=run_now, as_json=as_json,
                     files=files, given=given)  # fmt: skip
    for path in files:
        if not path.exists():
            raise UsageError(f"no file {path}", "Check the path; it is relative to where you are.")
    moment = instant(effective_at, settings)
    open_warehouse(settings)
    with Context.open(settings) as context:
        chosen = choose_source(
            context, files, name=source, file=source_file, sender=sender, feed=feed
        )
        receipts: list[dict[str, Any]] = []
        for paths in _deliveries(chosen, files):
            receipt = receive(
                context, chosen, paths, mode=mode, effective_at=moment, corrects=corrects
            )
            receipts.append(_receipt_facts(receipt, chosen, paths))
            if not as_json:
                click.echo(f"{receipts[-1]['file']} : {receipt.message}")
        ran = run_waiting(context, as_json) if run_now else None
    facts = {"source": chosen.name, "receipts": receipts, "run": ran}
    show(facts, as_json, lambda: tell_run(ran) if ran else _tell_next(receipts))
    held = any(receipt["verdict"] == "held" for receipt in receipts)
    return 1 if held or (ran and has_trouble(ran)) else 0


def fetch(
    settings: Settings, name: str | None, source_file: Path | None, *, due: bool, run_now: bool,
    as_json: bool, files: Sequence[Path], given: Sequence[str],
) -> int:  # fmt: skip
    """Fetch one source, or all that are due; exit 1 when one of several failed."""
    if given or (due and (files or name or source_file)):
        raise UsageError(
            "files are not said where a connector fetches them"
            if due
            else f"{given[0]} is of files",
            "Fetch one with `ingest --source NAME`, all with `ingest --due`.",
        )
    if not due and name is None and source_file is None:
        raise UsageError("neither a file nor a source", "Give FILE..., --source NAME or --due.")
    open_warehouse(settings)
    with Context.open(settings) as context:
        if due:
            pulled = pipeline.pull_due_of(context)
        else:
            pulled = [
                pipeline.pull_source(
                    context, choose_source(context, (), name=name, file=source_file)
                )
            ]
        if not as_json:
            _tell_pulled(pulled, due=due)
        ran = run_waiting(context, as_json) if run_now else None
    receipts = [asdict(receipt) for one in pulled for receipt in one.receipts]
    show({"pulls": pulled, "run": ran}, as_json, lambda: tell_run(ran) if ran else
         _tell_next(receipts))  # fmt: skip
    trouble = any(one.error for one in pulled)
    held = any(receipt["verdict"] == "held" for receipt in receipts)
    return 1 if trouble or held or (ran and has_trouble(ran)) else 0


def _tell_pulled(pulled: Sequence[Pulled], *, due: bool) -> None:
    if due and not pulled:
        click.echo("Aucune source n'est à relever maintenant.")
    for one in pulled:
        for receipt in one.receipts:
            click.echo(f"{one.source} : {receipt.message}")
        if one.records:
            click.echo(f"{one.source} : {plural(one.records, 'enregistrement')},"
                       f" {plural(one.pages, 'page')}")  # fmt: skip
        if one.unsettled:
            click.echo(f"{one.source} : {plural(one.unsettled, 'fichier')} encore en écriture")
        if one.waiting:
            click.echo(f"{one.source} : {one.waiting}")
        if one.error:
            click.echo(f"{one.source} : échec : {one.error}")
            click.echo(f"  {one.hint}" if one.hint else "")
        elif not one.receipts and not one.unsettled and not one.waiting:
            click.echo(f"{one.source} : rien de nouveau")


@click.command()
@json_option
@with_settings
def run(settings: Settings, as_json: bool) -> int:
    """Take every waiting delivery through the six steps; exit 1 when one was refused or failed."""
    open_warehouse(settings)
    with Context.open(settings) as context:
        facts = run_waiting(context, as_json)
    show(facts, as_json, lambda: tell_run(facts))
    return 1 if has_trouble(facts) else 0


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str], None]]:
    """Give a function that tells people what is being done, on stderr.

    A moving line on a terminal, a line each elsewhere, nothing when `quiet`.
    """
    if quiet:
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415

    console = Console(stderr=True, highlight=False)
    if console.is_terminal:
        with console.status("…") as status:
            yield status.update
    else:
        yield lambda line: click.echo(line, err=True)


def run_waiting(context: Context, as_json: bool) -> dict[str, Any]:
    """Run the six steps and give what there is to say of it."""
    began = time.monotonic()
    with progress(as_json) as tell:
        report = Conductor(context, tell).run()
    keys = [*report.published, *report.refused, *report.held, *report.failed]
    with context.connection("data") as connection:
        deliveries = list_deliveries(connection, keys=keys) if keys else []
    return {
        "run_id": report.run_id,
        "seconds": round(time.monotonic() - began, 3),
        "records": report.records,
        "published": report.published,
        "refused": report.refused,
        "held": report.held,
        "due": report.due,
        "failed": report.failed,
        "retied": report.retied.facts,
        "deliveries": sorted(deliveries, key=lambda one: one.delivery_key),
    }


def has_trouble(facts: dict[str, Any]) -> bool:
    """True when a delivery of the run was refused or failed, or waits for a person."""
    return bool(facts["refused"] or facts["held"] or facts["failed"])


def instant(
    text: str | None, settings: Settings, option: str = "--effective-at"
) -> datetime | None:
    """The time that an option says, in the zone of the settings where it has no offset."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{option} {text!r} is no time", "Write 2026-01-31 or 2026-01-31T14:05:00+01:00."
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=settings.tz)


def _deliveries(source: Source, files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files of each delivery; hidden files of a folder are nobody's."""
    if source.is_bundle:
        yield list(files)
        return
    for path in files:
        if path.is_dir():
            inside = [child for child in sorted(path.iterdir()) if child.is_file()]
            yield from ([child] for child in inside if not child.name.startswith("."))
        else:
            yield [path]


def _receipt_facts(receipt: Receipt, source: Source, paths: Sequence[Path]) -> dict[str, Any]:
    return {
        "file": ", ".join(path.name for path in paths),
        "sender": source.sender,
        "feed": source.feed,
        "verdict": receipt.verdict,
        "delivery_key": receipt.delivery_key,
        "message": receipt.message,
    }


def _tell_next(receipts: Sequence[dict[str, Any]]) -> None:
    if any(receipt["verdict"] == "new" for receipt in receipts):
        click.echo(f"Ensuite : {how_to_call()} run")


def tell_run(facts: dict[str, Any]) -> None:
    """Print what became of each delivery of a run."""
    deliveries: list[DeliveryFacts] = facts["deliveries"]
    retied = plural(facts["retied"], "fait") + " d'une histoire corrigée : à jour"
    if not deliveries:
        nothing = "Rien à faire : aucune livraison n'attend."
        click.echo(retied if facts["retied"] else nothing)
        return
    page = paper()
    title = f"Exécution {facts['run_id']} : {plural(len(deliveries), 'livraison')}"
    page.print(_by_delivery(title, deliveries) if len(deliveries) <= _SHOWN else
               _by_feed(title, deliveries))  # fmt: skip
    page.print(f"\n{number(facts['records'])} enregistrements en {seconds(facts['seconds'])}")
    if facts["retied"]:
        page.print(retied)
    for verdict, word in (("refused", "refusée"), ("held", "retenue"), ("failed", "en échec")):
        for key, reason in facts[verdict].items():
            page.print(f"[bold]Livraison {key} {word}[/bold] : ", end="")
            page.print(reason, markup=False)
    rejected = [one.delivery_key for one in deliveries if one.rejected or one.unreadable]
    if rejected:
        page.print(
            f"Pourquoi des rejets : {how_to_call()} delivery show {rejected[0]}", soft_wrap=True
        )


def _by_delivery(title: str, deliveries: Sequence[DeliveryFacts]) -> object:
    rows = [
        (f"{one.delivery_key}", one.sender, one.file_name, *_counts([one])) for one in deliveries
    ]
    return sheet(title, [">n°", "expéditeur", "fichier", *_COUNTS], rows)


def _by_feed(title: str, deliveries: Sequence[DeliveryFacts]) -> object:
    feeds = dict.fromkeys(one.feed for one in deliveries)
    groups = {feed: [one for one in deliveries if one.feed == feed] for feed in feeds}
    rows = [(feed, number(len(group)), *_counts(group)) for feed, group in groups.items()]
    return sheet(title, ["flux", ">livraisons", *_COUNTS], rows)


_COUNTS = (">lignes", ">acceptés", ">rejetés", ">illisibles", ">doublons")


def _counts(deliveries: Sequence[DeliveryFacts]) -> tuple[str, ...]:
    names = ("lines", "accepted", "rejected", "unreadable", "duplicate")
    return tuple(number(sum(getattr(one, name) for one in deliveries)) for name in names)
