"""Commands about alerts: alert list, show, ack, silence, test, check, digest, indicators."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from shopnow.alerts import (
    ALERT_STATES_FR,
    CHANNELS_EXAMPLE,
    HEALTH_FR,
    acknowledge,
    add_silence,
    channels_file,
    end_silence,
    figure,
    list_episodes,
    list_notices,
    load_channels,
    load_indicators,
    load_judge,
    load_rules,
    make_digest,
    readings,
    sample,
    send,
    send_digest,
    silences_now,
    watch_once,
)
from shopnow.cli.french import moment, number, paper, plural, sheet
from shopnow.cli.opening import open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.desk import Desk, TicketEvent, load_agreement, one_ticket
from shopnow.kernel import SystemClock, UsageError, connect, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import psycopg

    from shopnow.alerts import Episode, Reading, Rule
    from shopnow.kernel import Settings

_rule = click.option("--rule", metavar="NAME", help="Only this rule.")


@click.group()
def alert() -> None:
    """Follow alerts and indicators; answer, silence, test the channels."""


@contextmanager
def _warehouse(settings: Settings) -> Iterator[tuple[psycopg.Connection, datetime]]:
    open_existing(settings)
    with connect(settings, application_name="shopnow alert") as connection:
        yield connection, SystemClock().now()


@alert.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Pending and past ones too.")
@_rule
@json_option
@with_settings
def list_them(settings: Settings, *, as_json: bool, everything: bool, rule: str | None) -> int:
    """List alerts, those under way first; exit 1 when one is firing."""
    rules = load_rules(settings)
    with _warehouse(settings) as (connection, _):
        found = list_episodes(connection, everything=everything, rule=rule)

    def present() -> None:
        if not found:
            click.echo("Aucune alerte.")
            return
        rows = [_row(one, rules.get(one.rule), settings) for one in found]
        columns = [">n°", "=prio", "=état", "quoi", "=depuis", ">fois", ">ticket"]
        paper().print(sheet(plural(len(found), "alerte"), columns, rows))

    show(found, as_json, present)
    return 1 if any(one.state == "firing" for one in found) else 0


@alert.command(name="show")
@click.argument("alert_no", type=int)
@json_option
@with_settings
def show_one(settings: Settings, *, as_json: bool, alert_no: int) -> None:
    """Show an alert: what, since when, who was told, what to do."""
    rules = load_rules(settings)
    with _warehouse(settings) as (connection, _):
        found = [one for one in list_episodes(connection, everything=True, most=100_000)
                 if one.alert_no == alert_no]  # fmt: skip
        if not found:
            raise UsageError(f"no alert {alert_no}", "`shopnow alert list --all` shows them.")
        [one] = found
        notices = list_notices(connection, alert_no)

    def present() -> None:
        rule = rules.get(one.rule)
        click.echo(f"Alerte {one.alert_no} ({one.priority}), {ALERT_STATES_FR[one.state]}.")
        click.echo(one.message)
        click.echo(f"Depuis : {moment(one.since, settings.tz)}, {number(one.occurrences)} fois.")
        if rule:
            click.echo(f"Effet : {rule.effect}")
            click.echo(f"Que faire : docs/exploitation/{rule.runbook}.md")
        if one.ticket_no:
            click.echo(f"Ticket : {one.ticket_no}")
        rows = [(moment(n.queued_at, settings.tz), n.kind, n.channel, n.state) for n in notices]
        paper().print(sheet("Messages", ["=quand", "quoi", "canal", "état"], rows))

    show({"alert": one, "notices": notices}, as_json, present)


@alert.command()
@click.argument("alert_no", type=int)
@json_option
@with_settings
def ack(settings: Settings, *, as_json: bool, alert_no: int) -> None:
    """Take note of an alert: nobody else is woken for it; its ticket is taken up."""
    who = getpass.getuser()
    with _warehouse(settings) as (connection, now), connection.transaction():
        ticket_no = acknowledge(connection, alert_no, who, now)
        if ticket_no is not None and one_ticket(connection, ticket_no).state == "assigned":
            event = TicketEvent("started", now, who, comment="alerte prise en charge")
            Desk.of(settings).record(connection, ticket_no, event, now)
    facts = {"alert_no": alert_no, "ticket_no": ticket_no, "by": who}
    show(facts, as_json, lambda: click.echo(f"Alerte {alert_no} prise en charge par {who}."))


@alert.command()
@click.argument("rule")
@click.option("--label", help="Only this label of the rule.")
@click.option("--minutes", type=click.IntRange(1, 7 * 24 * 60), required=True)
@click.option("--reason", required=True, help="Why, in French.")
@json_option
@with_settings
def silence(
    settings: Settings, *, as_json: bool, rule: str, label: str | None, minutes: int, reason: str
) -> None:
    """Tell nobody of RULE for a while; its tickets are opened all the same."""
    rules = load_rules(settings)
    if rule not in rules:
        close = nearest(rule, rules)
        hint = f"Did you mean {close!r}?" if close else "`shopnow alert rules` lists them."
        raise UsageError(f"no rule {rule!r}", hint)
    with _warehouse(settings) as (connection, now):
        until = now + timedelta(minutes=minutes)
        made = add_silence(
            connection, rule, label, until=until, who=getpass.getuser(), reason=reason, now=now
        )
    text = f"« {rules[rule].title} » : silence jusqu'au {moment(until, settings.tz)}."
    show({"silence_no": made, "until": until}, as_json, lambda: click.echo(text))


@alert.command()
@click.option("--end", "ended", type=int, metavar="N", help="Let this one end now.")
@json_option
@with_settings
def silences(settings: Settings, *, as_json: bool, ended: int | None) -> None:
    """List the silences that hold, or end one."""
    with _warehouse(settings) as (connection, now):
        if ended is not None:
            end_silence(connection, ended, now)
        found = silences_now(connection, now)

    def present() -> None:
        if not found:
            click.echo("Aucun silence.")
            return
        rows = [
            (one.silence_no, one.rule, one.label or "toutes", moment(one.ends_at, settings.tz),
             one.made_by, one.reason)
            for one in found
        ]  # fmt: skip
        columns = [">n°", "règle", "de", "=jusqu'à", "par", "pourquoi"]
        paper().print(sheet(plural(len(found), "silence"), columns, rows))

    show(found, as_json, present)


@alert.command()
@click.option("--channel", metavar="NAME", help="Only this channel.")
@json_option
@with_settings
def test(settings: Settings, *, as_json: bool, channel: str | None) -> int:
    """Send a test message on the channels; exit 1 when one does not take it."""
    channels = load_channels(settings)
    if channel and channel not in channels.by_name:
        known = ", ".join(channels.by_name) or "none is declared"
        raise UsageError(f"no channel {channel!r}", f"Channels: {known}.")
    names = [channel] if channel else list(channels.by_name)
    body = "Ceci est un essai : rien à faire."
    results = {
        name: send(channels.by_name[name], "[essai] ShopNow : canal d'alerte", body)
        for name in names
    }

    def present() -> None:
        for name, good in results.items():
            click.echo(f"{name} : {'message accepté' if good else 'EN PANNE'}")
        if not results:
            click.echo(f"Aucun canal n'est déclaré dans {channels_file(settings)}.")

    show(results, as_json, present)
    return 0 if results and all(results.values()) else 1


@alert.command()
@click.option("--example", is_flag=True, help="Print a file to start from.")
@json_option
@with_settings
def channels(settings: Settings, *, as_json: bool, example: bool) -> None:
    """Show which channels each priority uses; their addresses stay secret."""
    if example:
        click.echo(CHANNELS_EXAMPLE, nl=False)
        return
    declared = load_channels(settings)
    facts = {
        "file": channels_file(settings), "channels": sorted(declared.by_name),
        "routes": dict(declared.routes), "escalation": declared.escalation,
        "fallback": dict(declared.fallback), "digest": declared.digest,
    }  # fmt: skip

    def present() -> None:
        for priority, names in declared.routes.items():
            click.echo(f"{priority} : {', '.join(names)}")
        if not declared.by_name:
            click.echo(f"Aucun canal n'est déclaré dans {channels_file(settings)}.")

    show(facts, as_json, present)


@alert.command()
@json_option
@with_settings
def rules(settings: Settings, *, as_json: bool) -> None:
    """List what there are alerts for: priority, how soon people are told, activity, runbook."""
    declared = load_rules(settings)
    within = load_agreement(settings.tz).told_within

    def present() -> None:
        rows = [(one.name, one.priority, f"{within[one.priority].seconds // 60} min", one.title,
                 one.activity, one.runbook) for one in declared.values()]  # fmt: skip
        columns = ["règle", "=prio", ">dit en", "quoi", "activité", "procédure"]
        paper().print(sheet(plural(len(rows), "règle"), columns, rows))

    facts = [
        {"rule": one.name, "priority": one.priority, "title": one.title, "effect": one.effect,
         "activity": one.activity, "runbook": one.runbook, "indicator": one.indicator,
         "told_within_seconds": within[one.priority].total_seconds()}
        for one in declared.values()
    ]  # fmt: skip
    show(facts, as_json, present)


@alert.command()
@json_option
@with_settings
def check(settings: Settings, *, as_json: bool) -> int:
    """Do one round of watching now: measure, judge, send; exit 1 when an alert is firing."""
    with _warehouse(settings) as (connection, now):
        done = watch_once(connection, settings, now, judge=load_judge(settings))
        firing = list_episodes(connection)
    facts: dict[str, Any] = {
        "measured": done.measured, "fired": len(done.judged.fired),
        "resolved": len(done.judged.resolved), "tickets": done.judged.tickets,
        "sent": done.sent.sent, "failed": done.sent.failed, "firing": len(firing),
    }  # fmt: skip

    def present() -> None:
        click.echo(
            f"{number(done.measured)} mesures, {len(firing)} alertes en cours, "
            f"{done.sent.sent} messages envoyés."
        )

    show(facts, as_json, present)
    return 1 if firing else 0


@alert.command()
@click.option("--measure", is_flag=True, help="Measure first, whether it is due or not.")
@json_option
@with_settings
def indicators(settings: Settings, *, as_json: bool, measure: bool) -> int:
    """Show the indicators of service, what is wrong first; exit 1 when one is out of bounds."""
    declared = load_indicators(settings)
    with _warehouse(settings) as (connection, now):
        if measure:
            sample(connection, settings, declared.values(), now, everything=True)
        found = readings(connection, declared, now)

    def present() -> None:
        rows = [
            (
                HEALTH_FR[one.health], one.indicator.title, one.label,
                "" if one.value is None else f"{figure(one.value)} {one.indicator.unit}",
                f"{figure(one.levels.target)} {one.indicator.unit}", one.indicator.owner,
            )
            for one in found
        ]  # fmt: skip
        columns = ["=état", "indicateur", "de", ">valeur", ">objectif", "à"]
        paper().print(sheet("Indicateurs de service", columns, rows))

    show([_facts(one) for one in found], as_json, present)
    return 1 if any(one.health == "breach" for one in found) else 0


@alert.command()
@click.option("--send", "is_sent", is_flag=True, help="Send it on the channels named for it.")
@json_option
@with_settings
def digest(settings: Settings, *, as_json: bool, is_sent: bool) -> None:
    """Show the summary of what is open, as it is sent each morning where channels are named."""
    with _warehouse(settings) as (connection, now):
        judge = load_judge(settings)
        made = make_digest(connection, judge, now)
        said = send_digest(connection, judge, now) if is_sent else ""
    text = f"{made.title}\n\n{made.body}" + (f"\n\n{said}" if said else "")
    show(made, as_json, lambda: click.echo(text))


def _facts(one: Reading) -> dict[str, Any]:
    return {
        "indicator": one.indicator.name, "title": one.indicator.title, "label": one.label,
        "value": one.value, "unit": one.indicator.unit, "health": one.health, "at": one.at,
        "target": one.levels.target, "warn": one.levels.warn, "breach": one.levels.breach,
        "owner": one.indicator.owner, "source": one.indicator.source,
        "meaning": one.indicator.meaning, "quiet": one.indicator.quiet,
    }  # fmt: skip


def _row(one: Episode, rule: Rule | None, settings: Settings) -> tuple[object, ...]:
    title = rule.title if rule else one.rule
    what = f"{title} : {one.label}" if one.label else title
    quiet = f" (expliquée par {one.inhibited_by})" if one.inhibited_by else ""
    return (
        one.alert_no, one.priority, ALERT_STATES_FR[one.state], what + quiet,
        moment(one.since, settings.tz), number(one.occurrences), one.ticket_no or "",
    )  # fmt: skip
