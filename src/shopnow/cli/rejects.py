"""The command that judges rejects again: reject replay."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any

import click

from shopnow.cli.french import number, paper, sheet
from shopnow.cli.ingest import has_trouble, run_waiting, tell_run
from shopnow.cli.opening import how_to_call, open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.kernel import UsageError, connect, nearest
from shopnow.pipeline import Context, plan_replay, seller_number
from shopnow.pipeline import replay as replay_rejects
from shopnow.quality import RULE_CODES
from shopnow.security import HOUSE

if TYPE_CHECKING:
    from shopnow.kernel import Settings
    from shopnow.pipeline import ReplayPlan


@click.command(name="replay")
@click.option("--delivery", "key", type=int, metavar="KEY", help="Of one delivery.")
@click.option("--seller", metavar="S", help="Of one sender: a seller's identifier, or `platform`.")
@click.option("--rule", metavar="CODE", help="Rejected for one reason.")
@click.option("--all", "everything", is_flag=True, help="All open rejects.")
@click.option("--apply", "acts", is_flag=True, help="Do it; without, only the plan.")
@json_option
@with_settings
def replay(
    settings: Settings,
    *,
    as_json: bool,
    key: int | None,
    seller: str | None,
    rule: str | None,
    everything: bool,
    acts: bool,
) -> int:
    """Judge open rejects again by the rules of now, load those that pass, and run.

    Each comes in at the time of its own delivery; what still fails stays rejected.
    """
    if not (key or seller or rule or everything):
        raise UsageError("which rejects?", "Give --delivery, --seller or --rule, or --all.")
    if rule is not None and rule not in RULE_CODES:
        close = nearest(rule, RULE_CODES)
        raise UsageError(f"no rule {rule!r}", f"Did you mean {close!r}?" if close else "")
    open_existing(settings)
    ran = None
    with (
        Context.open(settings) as context,
        connect(settings, application_name="shopnow reject") as connection,
    ):
        whose = None
        if seller is not None:
            whose = HOUSE if seller == "platform" else seller_number(connection, seller)
        plan = plan_replay(context, connection, delivery_key=key, seller=whose, rule=rule)
        made: list[int] = []
        if acts and plan.passing:
            made = replay_rejects(context, connection, plan, getpass.getuser())
            ran = run_waiting(context, as_json)
    facts = _facts(plan, made, ran)
    show(facts, as_json, lambda: _tell(plan, made, ran))
    stopped = any(one.stopped for one in plan.deliveries)
    return 1 if stopped or (ran is not None and has_trouble(ran)) else 0


def _facts(plan: ReplayPlan, made: list[int], ran: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "looked_at": plan.looked_at,
        "passing": plan.passing,
        "rules": plan.rules,
        "deliveries": [
            {
                "delivery_key": one.delivery.delivery_key,
                "sender": one.delivery.sender,
                "looked_at": one.looked_at,
                "passing": one.passing.height,
                "stopped": one.stopped,
            }
            for one in plan.deliveries
        ],
        "made": made,
        "run": ran,
    }


def _tell(plan: ReplayPlan, made: list[int], ran: dict[str, Any] | None) -> None:
    if not plan.looked_at:
        click.echo("Aucun rejet ouvert de ce genre.")
        return
    page = paper()
    rows = [
        (one.delivery.delivery_key, one.delivery.sender, one.delivery.file_name,
         number(one.looked_at), number(one.passing.height), one.stopped)
        for one in plan.deliveries
    ]  # fmt: skip
    columns = [">livraison", "=expéditeur", "fichier", ">rejets", ">passent", "arrêté"]
    page.print(sheet("Rejets jugés à nouveau", columns, rows))
    rules = [(one.rule, number(one.before), number(one.now)) for one in plan.rules]
    page.print(sheet("Par règle", ["=règle", ">avant", ">maintenant"], rules))
    if ran is not None:
        tell_run(ran)
        word = "livraison de rejeu" if len(made) == 1 else "livraisons de rejeu"
        page.print(f"{number(len(made))} {word} : {', '.join(map(str, made))}")
    elif plan.passing:
        page.print(
            f"\nRien n'est fait. Pour charger les {number(plan.passing)} qui passent : "
            f"{how_to_call()} reject replay … --apply"
        )
    else:
        page.print("\nAucun ne passe : rien à charger.")
