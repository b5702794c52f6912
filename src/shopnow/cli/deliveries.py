"""Commands that answer a sender: delivery list, delivery show, reject list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shopnow.cli.deliveries_answer import report
from shopnow.cli.deliveries_decide import approve, cancel, refuse
from shopnow.cli.deliveries_send import send
from shopnow.cli.french import KINDS, STATES, STEPS, moment, number, paper, seconds, sheet
from shopnow.cli.opening import how_to_call, open_existing
from shopnow.cli.rejects import replay
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import UsageError, connect, nearest
from shopnow.pipeline import explain, list_deliveries, list_rejects, tell_delivery
from shopnow.quality import RULE_CODES
from shopnow.sources import FEEDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from shopnow.kernel import Settings
    from shopnow.pipeline import CodeCount, DeliveryFacts, DeliveryStory, RejectFacts

_limit = click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Rows at most."
)


@click.group()
def delivery() -> None:
    """Follow what senders delivered: what arrived, what became of it, why."""


for other in (approve, refuse, cancel, report, send):
    delivery.add_command(other)


@delivery.command(name="list")
@click.option("--sender", metavar="S", help="`platform`, or a seller's identifier.")
@click.option("--feed", type=click.Choice(FEEDS), help="What they tell of.")
@click.option("--state", type=click.Choice(list(STATES)), help="How far they came.")
@_limit
@json_option
@with_settings
def list_command(
    settings: Settings,
    *,
    as_json: bool,
    sender: str | None,
    feed: str | None,
    state: str | None,
    limit: int,
) -> None:
    """List deliveries with their counts, the newest first."""
    open_existing(settings)
    with connect(settings, application_name="shopnow delivery") as connection:
        found = list_deliveries(connection, sender=sender, feed=feed, state=state, limit=limit)

    def present() -> None:
        if not found:
            click.echo("Aucune livraison.")
            return
        columns = [
            ">n°", "=reçue", "=expéditeur", "fichier", "=état", ">lignes", ">acceptés", ">rejetés",
        ]  # fmt: skip
        rows = [
            (
                one.delivery_key,
                f"{one.received_at.astimezone(settings.tz):%d/%m %H:%M}",
                one.sender,
                one.file_name,
                STATES[one.state],
                number(one.lines),
                number(one.accepted),
                number(one.rejected + one.unreadable),
            )
            for one in found
        ]
        paper().print(sheet("", columns, rows))

    show(found, as_json, present)


@delivery.command(name="show")
@click.argument("key", type=int)
@json_option
@with_settings
def show_command(settings: Settings, as_json: bool, key: int) -> None:
    """Tell what became of delivery KEY: counts, reasons, warnings, cleanings, steps, files."""
    open_existing(settings)
    with connect(settings, application_name="shopnow delivery") as connection:
        story = tell_delivery(connection, key)
    show(story, as_json, lambda: _tell(story, settings))


@click.group()
def reject() -> None:
    """See which records were rejected, and what their sender does about it."""


reject.add_command(replay)


@reject.command(name="list")
@click.option("--delivery", "key", type=int, metavar="KEY", help="Of one delivery.")
@click.option("--seller", metavar="S", help="Of one sender: a seller's identifier, or `platform`.")
@click.option("--rule", metavar="CODE", help="For one reason.")
@click.option("--open", "is_open", is_flag=True, help="Only those that still wait.")
@_limit
@json_option
@with_settings
def list_rejected(
    settings: Settings,
    *,
    as_json: bool,
    key: int | None,
    seller: str | None,
    rule: str | None,
    is_open: bool,
    limit: int,
) -> None:
    """List rejected records: line, reason, how to mend it; never their values."""
    if rule is not None and rule not in RULE_CODES:
        close = nearest(rule, RULE_CODES)
        known = f"Rules: {', '.join(sorted(RULE_CODES))}."
        raise UsageError(f"no rule {rule!r}", f"Did you mean {close!r}?" if close else known)
    open_existing(settings)
    with connect(settings, application_name="shopnow reject") as connection:
        if key is not None:
            tell_delivery(connection, key)
        found, total = list_rejects(
            connection, delivery_key=key, seller=seller, rule=rule, limit=limit,
            state="open" if is_open else None,
        )  # fmt: skip
    facts = {"total": total, "rejects": found}
    show(facts, as_json, lambda: _tell_rejects(found, total, alone=key is not None))


def _tell(story: DeliveryStory, settings: Settings) -> None:
    page, one = paper(), story.delivery
    page.print(
        f"[bold]Livraison {one.delivery_key}[/bold] de [bold]{one.sender}[/bold]"
        f" ({one.feed}, {one.mode}) : [bold]{STATES[one.state]}[/bold]"
    )
    page.print(_times(one, settings))
    if one.replay_of is not None:
        page.print(f"  rejeu de rejets de la livraison {one.replay_of}")
    if one.corrects is not None:
        page.print(f"  corrige la livraison {one.corrects}")
    for file in story.files:
        page.print(
            f"  {file.file_name}  {number(file.size_bytes)} octets  sha256 {file.sha256[:16]}…"
        )
    if one.reason:
        page.print(f"[bold]Motif[/bold] : {one.reason}")
    page.print()
    page.print(_counts(one))
    _tell_codes(page, "Rejets, par règle", story.rejects)
    _tell_codes(page, "Avertissements (chargés quand même)", story.warnings)
    _tell_codes(page, "Corrections faites à la lecture", story.cleanings)
    _tell_steps(page, story)
    if story.rejects:
        key = one.delivery_key
        call = how_to_call()
        page.print(f"\nLigne par ligne : {call} reject list --delivery {key}", soft_wrap=True)
        page.print(
            f"Réponse à l'expéditeur : {call} delivery report {key} --out reponse-{key}.xlsx",
            soft_wrap=True,
        )


def _times(one: DeliveryFacts, settings: Settings) -> str:
    said = "déclaré" if one.effective_is_declared else "réception"
    received, effective = (moment(at, settings.tz) for at in (one.received_at, one.effective_at))
    return f"  reçue le {received}, vraie au {effective} ({said}) ; source {one.source}"


def _counts(one: DeliveryFacts) -> str:
    lines = f"  {number(one.lines)} lignes, dont sans données {number(one.blank)}"
    lines += f", illisibles {number(one.unreadable)}"
    records = [
        f"{word} {number(count)}"
        for word, count in (
            ("acceptés", one.accepted),
            ("rejetés", one.rejected),
            ("doublons", one.duplicate),
            ("dépassés", one.superseded),
            ("en attente", one.held),
        )
        if count or word == "acceptés"
    ]
    return f"{lines}\n  {number(one.records)} enregistrements : {', '.join(records)}"


def _tell_codes(page: Console, title: str, counts: Sequence[CodeCount]) -> None:
    if not counts:
        return
    rows = []
    for one in counts:
        words = explain(one.rule_code)
        first = ", ".join(map(str, one.first_lines)) + (
            " …" if one.records > len(one.first_lines) else ""
        )
        rows.append(
            (
                one.rule_code,
                one.column_name,
                number(one.records),
                words.what_fr,
                words.fix_fr,
                first,
            )
        )
    page.print()
    columns = ["=règle", "=colonne", ">fois", "ce qui ne va pas", "que faire", "lignes"]
    page.print(sheet(title, columns, rows))


def _tell_steps(page: Console, story: DeliveryStory) -> None:
    if not story.steps:
        page.print(f"\nPas encore traitée : {how_to_call()} run", soft_wrap=True)
        return
    rows = [
        (
            f"{one.step} {STEPS[one.step]}" + (" (avec son lot)" if one.is_of_batch else ""),
            {"END": "faite", "FAIL": "en échec", "START": "en cours"}.get(one.status, "abandonnée"),
            seconds(one.seconds),
            number(one.rows_in),
            number(one.rows_out),
            number(one.rows_rejected),
        )
        for one in story.steps
    ]
    page.print()
    columns = ["=étape", "=état", ">durée", ">entrées", ">sorties", ">rejetées"]
    page.print(sheet(f"Étapes (exécution {story.steps[-1].run_id})", columns, rows))


def _tell_rejects(found: Sequence[RejectFacts], total: int, *, alone: bool) -> None:
    if not found:
        click.echo("Aucun rejet.")
        return
    rows = []
    for one in found:
        for place, reason in enumerate(one.reasons):
            head = (one.line_no, KINDS.get(one.kind, one.kind)) if place == 0 else ("", "")
            where = () if alone else (one.delivery_key if place == 0 else "",)
            rows.append((*where, *head, reason.rule, reason.column, reason.what, reason.fix))
    columns = [] if alone else [">livraison"]
    columns += [">ligne", "quoi", "=règle", "=colonne", "ce qui ne va pas", "que faire"]
    page = paper()
    title = f"Fichier {found[0].file_name}" if alone else ""
    page.print(sheet(title, columns, rows))
    if total > len(found):
        page.print(f"\n{number(len(found))} sur {number(total)} ; la suite avec --limit.")
