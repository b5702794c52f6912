"""Commands that change who a seller is: seller merge (and its undoing), seller recycle.

Each shows its plan first and acts with --apply.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from shopnow.cli.french import amount, moment, number, paper, plural, prose, sheet
from shopnow.cli.ingest import instant
from shopnow.cli.opening import how_to_call, open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock, UsageError, connect
from shopnow.pipeline import (
    MergePlan,
    UndoPlan,
    apply_merge,
    apply_recycle,
    apply_undo,
    plan_merge,
    plan_recycle,
    plan_undo,
)
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from decimal import Decimal

    from shopnow.kernel import Settings
    from shopnow.pipeline import RecyclePlan, SellerFigures

_REMARKS = {
    "other_legal_id": "Leurs identifiants légaux diffèrent : est-ce bien la même société ?",
    "survivor_is_merged": "{survivor} est lui-même fusionné : tout compte pour celui-là.",
}
_apply = click.option("--apply", "is_applied", is_flag=True, help="Do it; else only the plan.")


@click.command()
@click.argument("merged", metavar="X")
@click.argument("survivor", metavar="Y")
@click.option("--from", "since", metavar="DATE", help="From when on (or until when, with --undo).")
@click.option("--undo", "is_undone", is_flag=True, help="Close the bridge; default until now.")
@_apply
@json_option
@with_settings
def merge(
    settings: Settings,
    *,
    as_json: bool,
    merged: str,
    survivor: str,
    since: str | None,
    is_undone: bool,
    is_applied: bool,
) -> None:
    """Let Y stand for X from DATE on: the same company. X keeps its history and its sales.

    Nothing is rewritten: as-was X is read under X, as-is under Y. `--undo` closes the bridge.
    """
    if since is None and not is_undone:
        raise UsageError("--from is missing", "Say from which day on Y stands for X.")
    now = SystemClock().now()
    at = instant(since, settings, "--from") or now
    open_existing(settings)
    with connect(settings, application_name="shopnow seller merge") as connection:
        plan: MergePlan | UndoPlan
        if is_undone:
            plan = plan_undo(connection, merged, survivor, at, now)
            if is_applied:
                apply_undo(connection, plan, now)
        else:
            plan = plan_merge(connection, merged, survivor, at, now)
            if is_applied:
                apply_merge(connection, plan, now)
    facts: dict[str, Any] = asdict(plan) | {"undo": is_undone, "applied": is_applied}
    call = f"seller merge {merged} {survivor}"
    show(facts, as_json, lambda: _tell_merge(plan, settings, call, since, is_applied=is_applied))


@click.command()
@click.argument("seller_id")
@click.option("--legal-id", required=True, metavar="ID", help="Of the company that gets it.")
@click.option("--from", "since", required=True, metavar="DATE", help="From when on it has it.")
@click.option("--system", metavar="NAME", help="In this source system only.")
@_apply
@json_option
@with_settings
def recycle(
    settings: Settings,
    *,
    as_json: bool,
    seller_id: str,
    legal_id: str,
    since: str,
    system: str | None,
    is_applied: bool,
) -> None:
    """Give SELLER_ID to another company from DATE on, under a new number: no shared history."""
    now, opened = SystemClock().now(), None
    at = instant(since, settings, "--from") or now
    contracts = load_contracts(settings.contracts_dir)
    open_existing(settings)
    with connect(settings, application_name="shopnow seller recycle") as connection:
        plan = plan_recycle(
            connection, seller_id, legal_id=legal_id, valid_from=at, now=now, zone=settings.tz,
            system=system,
        )  # fmt: skip
        if is_applied:
            opened = apply_recycle(connection, settings, contracts, plan, now)
    facts = asdict(plan) | {"seller_no": opened, "applied": is_applied}
    call = f"seller recycle {seller_id} --legal-id {legal_id} --from {since}"
    call += f" --system {system}" if system else ""
    show(facts, as_json, lambda: _tell_recycle(plan, settings, call, opened))


def _tell_merge(
    plan: MergePlan | UndoPlan, settings: Settings, call: str, since: str | None, *,
    is_applied: bool,
) -> None:  # fmt: skip
    page, undone = paper(), isinstance(plan, UndoPlan)
    began = moment(plan.valid_from, settings.tz)
    what = "Fin de la fusion" if undone else "Fusion"
    state = "appliquée et journalisée" if is_applied else "prévue"
    page.print(f"[bold]{what} {state}[/bold] : {_name(plan.merged)} → {_name(plan.survivor)}")
    if isinstance(plan, UndoPlan):
        page.print(f"  en vigueur du {began} au {moment(plan.valid_to, settings.tz)}")
    else:
        page.print(f"  à partir du {began}")
    page.print()
    page.print(_figures(plan))
    page.print()
    prose(
        page,
        "Rien n'est réécrit : les versions, les ventes et le numéro de chacun restent les siens "
        "(vu à l'époque)."
        + (
            " Vu d'aujourd'hui, chacun compte de nouveau pour lui-même."
            if undone
            else f" Vu d'aujourd'hui, tout compte pour {plan.survivor.seller_id}."
        ),
    )
    if isinstance(plan, MergePlan):
        for remark in plan.remarks:
            text = _REMARKS[remark].format(survivor=plan.survivor.seller_id)
            prose(page, f"[bold]À vérifier[/bold] : {text}")
    begins = f" --from {since}" if since else ""
    if not is_applied:
        undo = " --undo" if undone else ""
        click.echo(f"\nPour l'appliquer : {how_to_call()} {call}{begins}{undo} --apply")
    elif not undone:
        click.echo(f"\nPour revenir en arrière : {how_to_call()} {call} --undo")


def _figures(plan: MergePlan | UndoPlan) -> object:
    rows = [
        (
            f"{one.seller_id} (n° {one.seller_no})",
            number(one.products),
            number(one.lines),
            _amounts(one.net_amounts),
        )
        for one in (plan.merged, plan.survivor)
    ]
    name = plan.survivor.seller_id
    rows += [
        (f"{name}, vu d'aujourd'hui, avant", "", "", _amounts(plan.survivor_before)),
        (f"{name}, vu d'aujourd'hui, après", "", "", _amounts(plan.survivor_after)),
    ]
    return sheet("", ["vendeur", ">produits", ">lignes", ">ventes nettes"], rows)


def _tell_recycle(plan: RecyclePlan, settings: Settings, call: str, opened: int | None) -> None:
    page = paper()
    state = "prévu" if opened is None else "appliqué et journalisé"
    since = moment(plan.valid_from, settings.tz)
    page.print(f"[bold]Changement de main {state}[/bold] : identifiant {plan.seller_id}")
    old = plan.old
    legal = f", identifiant légal {old.legal_id}" if old.legal_id else ""
    page.print(f"  jusqu'au {since} : {_name(old)}{legal}")
    new = "un nouveau numéro" if opened is None else f"n° {opened}"
    page.print(f"  ensuite : {new}, identifiant légal {plan.legal_id}")
    page.print(f"  systèmes sources : {', '.join(plan.systems)}")
    page.print()
    prose(
        page,
        "Rien n'est partagé : versions, produits, ventes et accès de l'ancien numéro y restent ; "
        "le nouveau commence sans histoire, avec ses membres réservés.",
    )
    for count, what in (
        (plan.lines_after, "ligne de commande datée"),
        (plan.statements_after, "déclaration datée"),
    ):
        if count:
            many = what.replace("ligne", "lignes").replace("déclaration", "déclarations")
            many = many.replace("datée", "datées")
            prose(
                page,
                f"[bold]À vérifier[/bold] : {plural(count, what, many)} d'après cette date"
                " sous l'ancien numéro : cela y reste.",
            )
    if plan.same_company is not None:
        prose(
            page,
            f"[bold]À vérifier[/bold] : le vendeur n° {plan.same_company} a déjà cet identifiant"
            " légal : une fusion est peut-être ce qu'il faut.",
        )
    if plan.held:
        state = "prêtes à être chargées" if opened is None else "chargées"
        held = plural(plan.held, "déclaration retenue", "déclarations retenues")
        prose(page, f"Pour la nouvelle société, {held} ({state}).")
    if opened is None:
        click.echo(f"\nPour l'appliquer : {how_to_call()} {call} --apply")
    else:
        click.echo(f"\nLe nouveau vendeur : {how_to_call()} seller show {opened}")


def _name(one: SellerFigures) -> str:
    return f"{one.seller_id} {one.seller_name or ''}".rstrip() + f" (n° {one.seller_no})"


def _amounts(amounts: dict[str, Decimal]) -> str:
    return ", ".join(amount(value, currency) for currency, value in amounts.items()) or "0"
