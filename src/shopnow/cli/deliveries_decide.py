"""Commands that decide about a delivery: delivery approve, delivery refuse, delivery cancel."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

import click

from shopnow.cli.french import moment, number
from shopnow.cli.ingest import run_waiting, tell_run
from shopnow.cli.opening import how_to_call, open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import connect
from shopnow.pipeline import (
    Context,
    announced_by,
    cancel_announced,
    decide,
    find_delivery,
    plan_decision,
)

if TYPE_CHECKING:
    from shopnow.kernel import Settings
    from shopnow.pipeline import Decision, DecisionPlan, DeliveryFacts

_apply = click.option("--apply", "acts", is_flag=True, help="Do it; without, only the plan.")


@click.command()
@click.argument("key", type=int)
@_apply
@json_option
@with_settings
def approve(settings: Settings, *, as_json: bool, acts: bool, key: int) -> int:
    """Load held delivery KEY after all, at its own effective time, and run."""
    return _decided(settings, key, "approved", acts=acts, as_json=as_json)


@click.command()
@click.argument("key", type=int)
@_apply
@json_option
@with_settings
def refuse(settings: Settings, *, as_json: bool, acts: bool, key: int) -> int:
    """Drop held delivery KEY: each of its records is rejected (delivery_refused), and run."""
    return _decided(settings, key, "refused", acts=acts, as_json=as_json)


@click.command()
@click.argument("key", type=int)
@_apply
@json_option
@with_settings
def cancel(settings: Settings, *, as_json: bool, acts: bool, key: int) -> int:
    """Cancel what delivery KEY says of the future and is not due yet."""
    open_existing(settings)
    with (
        Context.open(settings) as context,
        connect(settings, application_name="shopnow delivery") as connection,
    ):
        find_delivery(connection, key)
        waiting = announced_by(context, connection, key)
        cancelled = cancel_announced(context, connection, key) if acts else 0
    facts = {"delivery_key": key, "announced": waiting, "cancelled": cancelled}

    def present() -> None:
        if acts:
            click.echo(f"Livraison {key} : {number(cancelled)} annonce(s) annulée(s).")
            return
        click.echo(f"Livraison {key} : {number(waiting)} annonce(s) à venir seraient annulées.")
        if waiting:
            click.echo(f"Pour le faire : {how_to_call()} delivery cancel {key} --apply")

    show(facts, as_json, present)
    return 0


def _decided(settings: Settings, key: int, decision: Decision, *, acts: bool, as_json: bool) -> int:
    open_existing(settings)
    with (
        Context.open(settings) as context,
        connect(settings, application_name="shopnow delivery") as connection,
    ):
        plan = plan_decision(connection, key, decision)
        facts: dict[str, Any] = {
            "delivery_key": key, "decision": decision, "question": plan.question,
            "waiting": plan.waiting, "applied": acts, "run": None,
        }  # fmt: skip
        if acts:
            decide(context, connection, plan, getpass.getuser())
            facts["run"] = run_waiting(context, as_json)
        after = find_delivery(connection, key)
    facts["state"] = after.state
    show(facts, as_json, lambda: _tell(plan, facts, after, settings))
    wanted = "published" if decision == "approved" else "refused"
    return 0 if not acts or after.state == wanted else 1


def _tell(
    plan: DecisionPlan, facts: dict[str, Any], after: DeliveryFacts, settings: Settings
) -> None:
    one, key = plan.delivery, plan.delivery.delivery_key
    click.echo(f"Livraison {key} de {one.sender} ({one.file_name}), retenue.")
    click.echo(f"Question : {plan.question}")
    if plan.waiting is None:
        click.echo("Enregistrements : pas encore lus.")
    else:
        click.echo(
            f"Enregistrements : {number(plan.waiting)} en attente, {number(one.rejected)} rejetés."
        )
    if facts["run"] is not None:
        tell_run(facts["run"])
        word = "publiée" if after.state == "published" else "refusée"
        click.echo(f"Livraison {key} : {word if after.state != 'failed' else 'en échec'}.")
        return
    if plan.decision == "approved":
        at = moment(one.effective_at, settings.tz)
        click.echo(f"Approuver : elle est chargée à sa date, {at} ; ce qu'elle omet est retiré.")
    else:
        click.echo("Refuser : tous ses enregistrements sont rejetés (delivery_refused).")
    verb = "approve" if plan.decision == "approved" else "refuse"
    click.echo(f"Rien n'est fait. Pour le faire : {how_to_call()} delivery {verb} {key} --apply")
