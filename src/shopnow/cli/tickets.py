"""Commands of the service desk: ticket list, show, open, and what moves a ticket."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

import click

from shopnow.cli.french import moment, number, paper, plural, sheet
from shopnow.cli.ingest import instant
from shopnow.cli.opening import how_to_call, open_existing
from shopnow.cli.reporting import json_option, show, with_settings
from shopnow.desk import (
    EVENTS_FR,
    KINDS_FR,
    LEVELS,
    OPEN_STATES,
    PRIORITIES,
    STATES_FR,
    TICKET_KINDS,
    Desk,
    NewTicket,
    State,
    TicketEvent,
    forecast_one,
    forecasts,
    list_tickets,
    month_report,
    one_ticket,
    ticket_events,
    workload,
)
from shopnow.kernel import SystemClock, UsageError, connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import psycopg

    from shopnow.desk import ClockState, Level, Priority, Ticket, TicketKind
    from shopnow.kernel import Settings

_level = click.Choice(LEVELS)
_comment = click.option("--comment", default="", help="What to say; no value of a person.")
_number = click.argument("number", type=int, metavar="TICKET")


@click.group()
def ticket() -> None:
    """Follow incidents, problems, requests and changes, with their service clock."""


@contextmanager
def _desk(settings: Settings) -> Iterator[tuple[Desk, psycopg.Connection, datetime]]:
    open_existing(settings)
    with connect(settings, application_name="shopnow ticket") as connection:
        yield Desk.of(settings), connection, SystemClock().now()


@ticket.command(name="list")
@click.option("--state", type=click.Choice(get_args(State)), help="Default: those still open.")
@click.option("--priority", type=click.Choice(PRIORITIES))
@click.option("--assignee", metavar="WHO", help="A seat or a role of the RACI.")
@click.option("--all", "everything", is_flag=True, help="Closed ones too.")
@json_option
@with_settings
def list_them(
    settings: Settings,
    *,
    as_json: bool,
    state: State | None,
    priority: Priority | None,
    assignee: str | None,
    everything: bool,
) -> None:
    """List tickets, the most urgent first."""
    states = [state] if state else None if everything else [*OPEN_STATES, "resolved"]
    with _desk(settings) as (_, connection, now):
        found = list_tickets(connection, states=states, priority=priority, assignee=assignee)

    def present() -> None:
        if not found:
            click.echo("Aucun ticket.")
            return
        rows = [
            (
                one.ticket_no, one.priority, STATES_FR[one.state], one.title, one.assignee,
                number(one.occurrences), _left(one.due_at, now),
            )
            for one in found
        ]  # fmt: skip
        columns = [">n°", "=prio", "=état", "objet", "à", ">fois", "=reste"]
        paper().print(sheet(plural(len(found), "ticket"), columns, rows))

    show(found, as_json, present)


@ticket.command(name="show")
@_number
@json_option
@with_settings
def show_one(settings: Settings, *, as_json: bool, number: int) -> None:
    """Show a ticket: what happened to it, its clock, what it is tied to."""
    with _desk(settings) as (desk, connection, now):
        one, clock = one_ticket(connection, number), desk.clock(connection, number, now)
        events, said = ticket_events(connection, number), forecast_one(connection, clock, now)
    facts = {"ticket": one, "clock": clock_facts(clock), "events": events, "forecast": said}

    def present() -> None:
        _tell(settings, one, clock, events)
        if said is not None:
            click.echo(f"Risque de retard : {said.risk * 100:.0f} % ({said.reason_fr}).")

    show(facts, as_json, present)


@ticket.command(name="open")
@click.option("--kind", type=click.Choice(TICKET_KINDS), default="incident", show_default=True)
@click.option("--activity", required=True, help="An activity of the RACI: it says who gets it.")
@click.option("--title", required=True, help="What it is about, in French.")
@click.option("--impact", type=_level, required=True)
@click.option("--urgency", type=_level, required=True)
@click.option("--description", default="")
@click.option("--delivery", type=int, help="The delivery concerned.")
@click.option("--run", "run_id", type=int, help="The run concerned.")
@click.option("--runbook", help="Page of docs/exploitation.")
@json_option
@with_settings
def open_one(
    settings: Settings,
    *,
    as_json: bool,
    kind: TicketKind,
    activity: str,
    title: str,
    impact: Level,
    urgency: Level,
    description: str,
    delivery: int | None,
    run_id: int | None,
    runbook: str | None,
) -> None:
    """Open a ticket; matrix and RACI say its priority and who has it."""
    new = NewTicket(
        kind, activity, title, impact, urgency, description,
        runbook=runbook, run_id=run_id, delivery_key=delivery,
    )  # fmt: skip
    with _desk(settings) as (desk, connection, now):
        made = desk.open(connection, new, actor=getpass.getuser(), now=now)
        assert made is not None  # noqa: S101 — only the ticket of an alert may be there already
        one = one_ticket(connection, made)
    show(one, as_json, lambda: _told(settings, one))


@ticket.command()
@_number
@click.option("--to", "who", metavar="WHO", help="A seat of the RACI; default: the least busy.")
@click.option("--role", metavar="ROLE", help="Another role of the RACI.")
@_comment
@json_option
@with_settings
def assign(
    settings: Settings, *, as_json: bool, number: int, who: str | None, role: str | None,
    comment: str,
) -> None:  # fmt: skip
    """Give a ticket to somebody of a role."""
    with _desk(settings) as (desk, connection, now):
        payload = desk.seat(connection, one_ticket(connection, number), role, who)
        event = TicketEvent("assigned", now, getpass.getuser(), comment=comment, payload=payload)
        one = desk.record(connection, number, event, now)
    show(one, as_json, lambda: _told(settings, one))


@ticket.command()
@_number
@click.option("--impact", type=_level, required=True)
@click.option("--urgency", type=_level, required=True)
@_comment
@json_option
@with_settings
def reclassify(
    settings: Settings, *, as_json: bool, number: int, impact: Level, urgency: Level,
    comment: str,
) -> None:  # fmt: skip
    """Give a ticket another impact and urgency; the time that has passed stays."""
    with _desk(settings) as (desk, connection, now):
        one = desk.reclassify(
            connection, number, impact, urgency, actor=getpass.getuser(), now=now, comment=comment
        )
    show(one, as_json, lambda: _told(settings, one))


def _moving(name: str, kind: str, about: str, *, holds: bool = False) -> click.Command:
    """Make one of the commands that add an event to a ticket."""

    def moved(
        settings: Settings, *, as_json: bool, number: int, comment: str, hold: str, when: str | None
    ) -> None:
        with _desk(settings) as (desk, connection, now):
            moment_of_it = instant(when, settings, "--at") or now
            if moment_of_it > now:
                raise UsageError("--at is in the future", "Write down what has happened.")
            event = TicketEvent(kind, moment_of_it, getpass.getuser(), None, hold, comment)
            one = desk.record(connection, number, event, now)
        show(one, as_json, lambda: _told(settings, one))

    command: Any = with_settings(moved)
    command = click.option("--at", "when", metavar="TIME", help="When it happened; default now.")(
        command
    )
    command = click.option(
        "--hold", default="", hidden=not holds, help="Name of the pause, e.g. vendeur."
    )(command)
    made = click.command(name=name, help=about)(_number(_comment(json_option(command))))
    ticket.add_command(made)
    return made


start = _moving("start", "started", "Take a ticket up.")
comment = _moving("comment", "commented", "Say something on a ticket.")
pause = _moving("pause", "paused", "Stop the clock: somebody else has to act.", holds=True)
resume = _moving("resume", "resumed", "Let the clock run again.", holds=True)
resolve = _moving("resolve", "resolved", "Say that it is resolved: the clock stops.")
reopen = _moving("reopen", "reopened", "Open a resolved ticket again.")
close = _moving("close", "closed", "Close a resolved ticket for good.")


@ticket.command(name="workload")
@json_option
@with_settings
def show_workload(settings: Settings, *, as_json: bool) -> None:
    """Show how many open tickets each seat has."""
    with _desk(settings) as (desk, connection, _):
        loads = workload(connection)

    def present() -> None:
        titles = {name: role.title for name, role in desk.raci.roles.items()}
        rows = [
            (titles.get(one.role, one.role), one.assignee, one.p1, one.p2, one.p3,
             one.open_tickets)
            for one in loads
        ]  # fmt: skip
        paper().print(sheet("Charge", ["rôle", "à", ">P1", ">P2", ">P3", ">ouverts"], rows))

    show(loads, as_json, present)


@ticket.command(name="forecast")
@json_option
@with_settings
def show_forecast(settings: Settings, *, as_json: bool) -> int:
    """Say which open tickets will break their promise; exit 1 when one is at risk."""
    with _desk(settings) as (desk, connection, now):
        found = forecasts(connection, desk, now)

    def present() -> None:
        rows = [
            (one.ticket_no, one.priority, f"{said.risk * 100:.0f} %",
             "oui" if said.at_risk else "non", _left(one.due_at, now), one.title, said.reason_fr)
            for one, _, said in found
        ]  # fmt: skip
        columns = [">n°", "=prio", ">risque", "=à voir", "=reste", "objet", "pourquoi"]
        paper().print(sheet(plural(len(rows), "ticket ouvert", "tickets ouverts"), columns, rows))

    facts = [
        {"ticket_no": one.ticket_no, "clock": clock_facts(clock), "risk": said.risk,
         "at_risk": said.at_risk, "reason": said.reason_fr}
        for one, clock, said in found
    ]  # fmt: skip
    show(facts, as_json, present)
    return 1 if any(said.at_risk for _, _, said in found) else 0


@ticket.command()
@json_option
@with_settings
def raci(settings: Settings, *, as_json: bool) -> None:
    """Show who is responsible, accountable, consulted and informed for each activity."""
    declared = Desk.of(settings).raci

    def present() -> None:
        rows = [
            (
                one.name, one.title, one.responsible, one.accountable,
                ", ".join(one.consulted), ", ".join(one.informed),
            )
            for one in declared.activities.values()
        ]  # fmt: skip
        paper().print(sheet("RACI", ["activité", "quoi", "R", "A", "C", "I"], rows))

    show({"roles": declared.roles, "activities": declared.activities}, as_json, present)


@ticket.command()
@click.option("--month", metavar="YYYY-MM", help="Default: this month.")
@json_option
@with_settings
def report(settings: Settings, *, as_json: bool, month: str | None) -> None:
    """Report how the promises of a month were kept, by priority."""
    with _desk(settings) as (desk, connection, now):
        wanted = month or f"{now.astimezone(settings.tz):%Y-%m}"
        try:
            lines = month_report(connection, desk, wanted, settings.tz, now)
        except ValueError:
            raise UsageError(f"--month {wanted!r} is no month", "Write 2026-01.") from None

    def present() -> None:
        rows = [
            (
                one.priority, number(one.opened), number(one.resolved), number(one.late),
                "" if one.in_time_pct is None else f"{one.in_time_pct:.0f} %",
                "" if one.mttr is None else span(one.mttr),
            )
            for one in lines
        ]  # fmt: skip
        columns = ["priorité", ">ouverts", ">résolus", ">en retard", ">à temps", ">durée moyenne"]
        paper().print(sheet(f"Engagements de {wanted}", columns, rows))

    facts = [
        {
            "priority": one.priority, "opened": one.opened, "resolved": one.resolved,
            "late": one.late, "in_time_pct": one.in_time_pct,
            "mttr_seconds": one.mttr.total_seconds() if one.mttr is not None else None,
        }
        for one in lines
    ]  # fmt: skip
    show({"month": wanted, "priorities": facts}, as_json, present)


def span(duration: timedelta) -> str:
    """Write a length of time to the minute: `3 h 05`, `- 0 h 12` when it is over.

    >>> span(timedelta(hours=3, minutes=5)), span(-timedelta(minutes=12))
    ('3 h 05', '- 0 h 12')
    """
    minutes = round(abs(duration.total_seconds()) / 60)
    hours, rest = divmod(minutes, 60)
    return f"{'- ' if duration < timedelta() else ''}{hours} h {rest:02d}"


def clock_facts(clock: ClockState) -> dict[str, Any]:
    """Return a clock as JSON takes it: durations in seconds."""
    return {
        "priority": clock.priority, "state": clock.state, "due_at": clock.due_at,
        "breached_at": clock.breached_at, "is_met": clock.is_met,
        "elapsed_seconds": clock.elapsed.total_seconds(),
        "target_seconds": clock.target.total_seconds(),
    }  # fmt: skip


def _left(due_at: datetime | None, now: datetime) -> str:
    return "arrêtée" if due_at is None else span(due_at - now)


def _told(settings: Settings, one: Ticket) -> None:
    due = f", à résoudre avant {moment(one.due_at, settings.tz)}" if one.due_at else ""
    click.echo(
        f"Ticket {one.ticket_no} ({one.priority}) : {STATES_FR[one.state]}, à {one.assignee}{due}."
    )


def _tell(settings: Settings, one: Ticket, clock: ClockState, events: list[TicketEvent]) -> None:
    zone = settings.tz
    click.echo(f"{KINDS_FR[one.kind].capitalize()} {one.ticket_no} : {one.title}")
    _told(settings, one)
    if one.description:
        click.echo(one.description)
    left = f"{span(clock.elapsed)} sur {span(clock.target)}"
    late = f", en retard depuis {moment(clock.breached_at, zone)}" if clock.breached_at else ""
    click.echo(f"Horloge : {left}{late}.")
    if one.occurrences > 1:
        click.echo(f"Survenu {number(one.occurrences)} fois.")
    if one.runbook:
        click.echo(f"Que faire : docs/exploitation/{one.runbook}.md")
    if one.delivery_key:
        click.echo(f"Livraison : {how_to_call()} delivery show {one.delivery_key}")
    rows = [
        (moment(event.at, zone), EVENTS_FR[event.kind], event.actor,
         " ".join(filter(None, (event.priority, event.hold, event.comment))))
        for event in events
    ]  # fmt: skip
    paper().print(sheet("", ["=quand", "=quoi", "qui", "note"], rows))
