"""What people read of an alert, in French: what happened, since when, which effect, what to do.

Codes, counts and names of declared things only; never a value of a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopnow.alerts.indicators import HEALTH_FR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from shopnow.alerts.indicators import Reading
    from shopnow.alerts.model import Episode, Rule

_KINDS: Final = {"opened": "", "escalated": "SANS RÉPONSE : ", "resolved": "RÉTABLI : "}
# Of a storm the first ones are named, the others counted.
_NAMED: Final = 10
_SMS: Final = 160


def title_of(rule: Rule, kind: str, episodes: Sequence[Episode]) -> str:
    """Return the subject of a message about alerts of one rule."""
    label = episodes[0].label if len(episodes) == 1 else f"{len(episodes)} cas"
    return f"[{rule.priority}] {_KINDS[kind]}{rule.title}" + (f" ({label})" if label else "")


def body_of(rule: Rule, kind: str, episodes: Sequence[Episode], zone: ZoneInfo) -> str:
    """Return the text of a message about alerts of one rule."""
    lines = []
    for one in episodes[:_NAMED]:
        times = f" ({one.occurrences} fois)" if one.occurrences > 1 else ""
        until = f", jusqu'au {_at(one.resolved_at, zone)}" if one.resolved_at else ""
        ticket = f" — ticket {one.ticket_no}" if one.ticket_no else ""
        lines.append(f"- {one.message}{times}, depuis le {_at(one.since, zone)}{until}{ticket}")
    if len(episodes) > _NAMED:
        lines.append(f"- et {len(episodes) - _NAMED} autres")
    if kind == "resolved":
        return "\n".join([*lines, "", "Rien d'autre à faire : le ticket est résolu."])
    lines += ["", f"Effet : {rule.effect}", f"Que faire : docs/exploitation/{rule.runbook}.md"]
    if episodes[0].alert_no:
        # While the database is away there is no number to answer to.
        lines.append(f"Prendre en charge : shopnow alert ack {episodes[0].alert_no}")
    return "\n".join(lines)


def short_of(title: str, body: str) -> str:
    """Return what fits into one SMS: the subject, and as much of the first line as there is room.

    >>> short_of("[P1] Base injoignable", "- la base ne répond pas")
    '[P1] Base injoignable : la base ne répond pas'
    """
    first = body.split("\n", 1)[0].removeprefix("- ")
    text = f"{title} : {first}"
    return text if len(text) <= _SMS else text[: _SMS - 1] + "…"


def said_of(reading: Reading) -> str:
    """Return what there is to say of an indicator that is not as promised."""
    indicator, label = reading.indicator, f" « {reading.label} »" if reading.label else ""
    if reading.value is None:
        return f"{indicator.title}{label} : sans donnée ({indicator.no_data_says})"
    target = f"objectif {figure(reading.levels.target)} {indicator.unit}"
    state = HEALTH_FR[reading.health]
    return (
        f"{indicator.title}{label} : {figure(reading.value)} {indicator.unit}, {state} ({target})"
    )


def figure(value: float) -> str:
    """Write a number as the French do, to three figures.

    >>> figure(0.1234), figure(99.5), figure(1440)
    ('0,123', '99,5', '1440')
    """
    text = f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"  # noqa: PLR2004
    return text.replace(".", ",")


def _at(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d/%m/%Y à %H:%M}" if at else ""
