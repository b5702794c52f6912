"""The digest: once a day, in one French mail, all that is open; off until a channel is named.

Like alerts it carries codes, counts and names of declared things, never a value of a person.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shopnow.alerts.channels import send
from shopnow.alerts.indicators import readings
from shopnow.alerts.store import list_episodes
from shopnow.alerts.wording import said_of
from shopnow.desk import forecasts, list_tickets
from shopnow.kernel import TransientError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from shopnow.alerts.judging import Judge

_DAY: Final = timedelta(days=1)
# Of each list so many are named, the others counted.
_NAMED: Final = 20
_WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, slots=True)
class Digest:
    """One digest: what it is called, what it says, how much is open."""

    title: str
    body: str
    alerts: int
    tickets: int
    indicators: int


def make_digest(conn: psycopg.Connection, judge: Judge, now: datetime) -> Digest:
    """Return the digest as of `now`: alerts, tickets and indicators that are not good."""
    alerts, by_role = _alerts(conn, now), _tickets(conn, judge, now)
    wrong, tickets = _wrong(conn, judge, now), sum(len(lines) for lines in by_role.values())
    local = now.astimezone(judge.zone)
    counted = [_plural(len(alerts), "alerte"), _plural(tickets, "ticket"),
               _plural(len(wrong), "indicateur")]  # fmt: skip
    said = ", ".join(counted) if any((alerts, tickets, wrong)) else "rien à signaler"
    sections = [
        _section("Alertes en cours", alerts),
        f"Tickets ouverts : {tickets}",
        *(_section(role, lines) for role, lines in by_role.items()),
        _section("Indicateurs qui ne sont pas bons", wrong),
        _since(conn, now),
    ]
    title = f"[ShopNow] Bilan du {_WEEKDAYS[local.weekday()]} {local:%d/%m/%Y} : {said}"
    return Digest(title, "\n\n".join(sections), len(alerts), tickets, len(wrong))


def send_digest(conn: psycopg.Connection, judge: Judge, now: datetime) -> str:
    """Send the digest on its channels and say so; raises TransientError when one refuses it."""
    names = judge.channels.digest
    if not names:
        return "aucun canal de bilan déclaré"
    made = make_digest(conn, judge, now)
    failed = [
        name for name in names if not send(judge.channels.by_name[name], made.title, made.body)
    ]
    if failed:
        message = f"bilan non envoyé par {', '.join(failed)}"
        raise TransientError(message, "`shopnow alert test` essaie les canaux.")
    return f"bilan envoyé par {', '.join(names)}"


def _alerts(conn: psycopg.Connection, now: datetime) -> list[str]:
    return [
        f"[{one.priority}] {one.message}, depuis {_length(now - one.since)}"
        + (f", ticket {one.ticket_no}" if one.ticket_no else "")
        + (f", pris en charge par {one.acknowledged_by}" if one.acknowledged_by else "")
        for one in list_episodes(conn)
    ]


def _tickets(conn: psycopg.Connection, judge: Judge, now: datetime) -> dict[str, list[str]]:
    """Lines by the role that has them, what is riskiest first."""
    roles, found = judge.desk.raci.roles, defaultdict(list)
    for one, clock, said in forecasts(conn, judge.desk, now):
        if clock.breached_at is not None:
            left = "EN RETARD"
        elif clock.state == "paused":
            left = "horloge arrêtée"
        else:
            left = f"reste {_length(clock.remaining)}" + (" (à risque)" if said.at_risk else "")
        title = roles[one.role].title if one.role in roles else one.role
        found[title].append(
            f"n° {one.ticket_no} [{clock.priority}] {one.title} : {one.assignee}, {left}"
        )
    return found


def _wrong(conn: psycopg.Connection, judge: Judge, now: datetime) -> list[str]:
    return [
        said_of(one)
        for one in readings(conn, judge.indicators, now)
        if one.health in ("breach", "no_data")
        # Nothing of its kind was ever seen: that says nothing about today.
        and not (one.indicator.label_fr and not one.label)
    ]


def _since(conn: psycopg.Connection, now: datetime) -> str:
    ended = [one for one in list_episodes(conn, everything=True, most=100_000)
             if one.fired_at and one.resolved_at and one.resolved_at > now - _DAY]  # fmt: skip
    done = [one for one in list_tickets(conn, states=("resolved", "closed"), most=100_000)
            if one.resolved_at and one.resolved_at > now - _DAY]  # fmt: skip
    return (
        f"Depuis hier : {_plural(len(ended), 'alerte')} terminée{'s' * (len(ended) > 1)}, "
        f"{_plural(len(done), 'ticket')} résolu{'s' * (len(done) > 1)}."
    )


def _section(title: str, lines: Sequence[str]) -> str:
    named = [f"- {line}" for line in lines[:_NAMED]]
    if len(lines) > _NAMED:
        named.append(f"- et {len(lines) - _NAMED} autres")
    return "\n".join([f"{title} : {len(lines)}", *named])


def _plural(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number > 1)}"


def _length(duration: timedelta) -> str:
    hours, minutes = divmod(max(0, round(duration.total_seconds() / 60)), 60)
    return f"{hours // 24} j {hours % 24} h" if hours >= 48 else f"{hours} h {minutes:02d}"  # noqa: PLR2004 — two days
