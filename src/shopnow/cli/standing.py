"""Commands about how a seller stands: seller quality, seller breaker."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from shopnow.cli.french import FEEDS, moment, number, paper, plural, prose, sheet
from shopnow.cli.opening import how_to_call, open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import SystemClock, UsageError, connect
from shopnow.pipeline import (
    Context,
    change_breaker,
    list_breakers,
    plan_breaker,
    seller_number,
    standing_of,
)
from shopnow.quality import RULE_CODES

if TYPE_CHECKING:
    from decimal import Decimal

    from shopnow.kernel import Settings
    from shopnow.pipeline import Breaker, BreakerPlan, Pillar, Standing

_PILLARS = {
    "freshness": "fraîcheur (h)", "volume": "volume", "schema": "schéma",
    "completeness": "complétude (%)", "distribution": "distribution (moyenne)",
}  # fmt: skip
_STATES = {
    "good": "dans les bornes", "odd": "HORS BORNES", "learning": "apprentissage",
    "no_data": "pas de donnée",
}  # fmt: skip


@click.command()
@click.argument("seller_id", metavar="SELLER")
@json_option
@with_settings
def quality(settings: Settings, *, as_json: bool, seller_id: str) -> None:
    """Show how a seller stands: score and trend, rules, five pillars, circuit breaker."""
    open_existing(settings)
    with connect(settings, application_name="shopnow seller") as connection:
        found = standing_of(connection, seller_id, SystemClock().now(), settings.zone)
    facts = asdict(found) | {"score": found.score, "seller_id": seller_id}
    show(facts, as_json, lambda: _tell(found, seller_id, settings))


def _tell(found: Standing, seller_id: str, settings: Settings) -> None:
    page = paper()
    prose(page, f"Qualité de {seller_id} : {_score(found.score)} sur 100 (28 jours).")
    if found.breaker is not None:
        prose(page, _breaker_line(found.breaker, settings))
    if found.days:
        columns = ["jour", ">score du jour", ">score 28 j", ">livraisons", ">illisibles",
                   ">enreg.", ">rejetés", ">retouchés"]  # fmt: skip
        page.print(sheet("Score", columns, [
            (f"{one.date_on:%d/%m/%Y}", _score(one.score_of_day), _score(one.score),
             number(one.judged), number(one.refused), number(one.records), number(one.rejected),
             number(one.touched))
            for one in found.days
        ]))  # fmt: skip
    if found.rules:
        columns = ["=règle", "ce qu'elle dit", ">28 j", ">28 j avant", ">jours"]
        page.print(sheet("Règles", columns, [
            (one.rule_code, _words(one.rule_code), number(one.failed), number(one.failed_before),
             number(one.days))
            for one in found.rules
        ]))  # fmt: skip
    if found.pillars:
        columns = ["flux", "pilier", "mesure", ">valeur", ">attendu", "bornes", "état"]
        page.print(sheet("Piliers", columns, [_pillar(one) for one in found.pillars]))


def _pillar(one: Pillar) -> tuple[str, ...]:
    bounds = "" if one.lowest is None else f"{_figure(one.lowest)} à {_figure(one.highest)}"
    return (
        FEEDS.get(one.feed, one.feed), _PILLARS[one.pillar], one.subject, _figure(one.value),
        _figure(one.expected), bounds, _STATES[one.state],
    )  # fmt: skip


@click.command()
@click.argument("seller_id", metavar="[SELLER]", required=False)
@click.option("--close", "closes", is_flag=True, help="Close it and release what it held.")
@click.option("--open", "opens", is_flag=True, help="Open it: what comes next is held.")
@click.option("--reason", help="Why (French), kept with the change.")
@click.option("--apply", "acts", is_flag=True, help="Do it; without, only the plan.")
@json_option
@with_settings
def breaker(
    settings: Settings,
    *,
    as_json: bool,
    acts: bool,
    reason: str | None,
    opens: bool,
    closes: bool,
    seller_id: str | None,
) -> int:
    """Show the circuit breakers, or close or open that of a seller; exit 1 while one is open."""
    if (opens and closes) or ((opens or closes) and seller_id is None):
        raise UsageError("name one seller, and either --close or --open")
    open_existing(settings)
    with (
        Context.open(settings) as context,
        connect(settings, application_name="shopnow seller") as connection,
    ):
        if not opens and not closes:
            found = list_breakers(connection)
            if seller_id is not None:
                number_of = seller_number(connection, seller_id)
                found = [one for one in found if one.seller_no == number_of]
            return _listed(found, settings, as_json=as_json)
        assert seller_id is not None  # noqa: S101 — refused above
        plan = plan_breaker(connection, seller_id, opens=opens)
        released = 0
        if acts:
            said = reason or ("ouvert à la main" if opens else "fermé après examen")
            released = change_breaker(context, connection, plan, getpass.getuser(), said)
    facts = asdict(plan) | {"applied": acts, "released": released}
    show(facts, as_json, lambda: _tell_plan(plan, seller_id, released, acts=acts))
    return 0


def _listed(found: list[Breaker], settings: Settings, *, as_json: bool) -> int:
    facts: list[dict[str, Any]] = [asdict(one) for one in found]

    def present() -> None:
        for one in found:
            prose(paper(), _breaker_line(one, settings))
        if not any(one.is_open for one in found):
            click.echo("Aucun coupe-circuit n'est ouvert.")

    show(facts, as_json, present)
    return 1 if any(one.is_open for one in found) else 0


def _tell_plan(plan: BreakerPlan, seller_id: str, released: int, *, acts: bool) -> None:
    verb = "ouvert" if plan.opens else "fermé"
    if acts:
        click.echo(f"Coupe-circuit de {seller_id} {verb}.")
        if not plan.opens:
            click.echo(
                f"{plural(released, 'livraison libérée', 'livraisons libérées')} : "
                f"la prochaine exécution ({how_to_call()} run) les reprend."
            )
        return
    click.echo(f"Coupe-circuit de {seller_id} : il serait {verb}.")
    if not plan.opens:
        click.echo(f"Livraisons qu'il retient : {', '.join(map(str, plan.held)) or 'aucune'}.")
    option = "open" if plan.opens else "close"
    click.echo(
        f"Rien n'est fait. Pour le faire : {how_to_call()} seller breaker {seller_id} "
        f"--{option} --apply"
    )


def _breaker_line(one: Breaker, settings: Settings) -> str:
    word = "OUVERT" if one.is_open else "fermé"
    return (
        f"Coupe-circuit du vendeur n° {one.seller_no} {word} depuis le "
        f"{moment(one.changed_at, settings.tz)} ({one.decided_by}) : {one.reason}."
    )


def _score(value: Decimal | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace(".", ",")


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}".replace(".", ",")


def _words(code: str) -> str:
    rule = RULE_CODES.get(code)
    return code if rule is None else rule.what_fr
