"""Supervision: every declared indicator with state, trend, target and owner; what is wrong first.

Reads samples, never the facts: the page costs the same whatever the size of the warehouse.
"""

from __future__ import annotations

from datetime import timedelta
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from shopnow.alerts import HEALTH_FR, list_episodes, readings
from shopnow.desk import OPEN_STATES, list_tickets
from shopnow.kernel import Sql
from shopnow.pipeline import FEEDS, plural
from shopnow.web.charts import sparkline
from shopnow.web.visit import Shown
from shopnow.web.words import short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shopnow.alerts import Episode, Indicator, Levels, Reading, Rule
    from shopnow.web.visit import Visit

SQL = Sql(__package__)
# Of an indicator with several values (a seller each) the worst are shown, the others counted;
# where all is well, the least good alone.
_WRONG_SHOWN: Final = 4
_GOOD_SHOWN: Final = 1
_ALERTS: Final = 500
_ALERTS_SHOWN: Final = 3
_TREND: Final = timedelta(hours=24)
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SEVERAL: Final = 2
_PLURALS: Final = frozenset(
    ("enregistrements", "événements", "livraisons", "tickets", "tâches", "jours")
)


def supervise(visit: Visit) -> Shown:
    """The page of the operator."""
    found = readings(visit.conn, visit.declared.indicators, visit.now)
    shown, hidden = _shown(found)
    trends = _trends(visit, shown)
    owners = visit.declared.team
    cards = [_card(one, trends, owners, hidden) for one in shown]
    firing = [one for one in list_episodes(visit.conn, most=_ALERTS) if one.state == "firing"]
    late = [one for one in list_tickets(visit.conn, states=OPEN_STATES) if one.breached_at]
    groups = [
        ("À regarder", [card for card in cards if card["reading"].health != "good"]),
        ("Ce qui va bien", [card for card in cards if card["reading"].health == "good"]),
    ]
    values = {
        "readings": found,
        "wrong": sum(one.health != "good" for one in found),
        "groups": [(title, group) for title, group in groups if group],
        "alerts": _alerts(firing, visit.declared.rules),
        "firing": len(firing),
        "late": len(late),
        "measured_at": max((one.at for one in found if one.at), default=None),
    }
    return Shown("supervision.html", values)


def _alerts(firing: Sequence[Episode], rules: Mapping[str, Rule]) -> list[dict[str, Any]]:
    """One card a rule, the most urgent first: seven alerts of a kind are one thing to look at."""
    of_rule: dict[str, list[Episode]] = {}
    for one in sorted(firing, key=lambda one: (one.priority, one.since)):
        of_rule.setdefault(one.rule, []).append(one)
    return [
        {
            "title": rules[name].title if name in rules else name,
            "runbook": rules[name].runbook if name in rules else "",
            "priority": several[0].priority,
            "since": min(one.since for one in several),
            "count": len(several),
            "first": several[:_ALERTS_SHOWN],
            "more": max(len(several) - _ALERTS_SHOWN, 0),
        }
        for name, several in of_rule.items()
    ]


def explain_figures(visit: Visit) -> Shown:
    """How each indicator is computed, from its one declaration."""
    owners = visit.declared.team
    told = [
        {
            "name": one.name,
            "title": one.title,
            "meaning": one.meaning,
            "target": _target(one, one.levels),
            "owner": owners.get(one.owner, one.owner),
            "every": _span(one.every),
            "no_data": one.no_data_says,
            "sql": _query(one),
        }
        for one in visit.declared.indicators.values()
    ]
    return Shown("how.html", {"indicators": told})


def _shown(found: Sequence[Reading]) -> tuple[list[Reading], dict[tuple[str, str], int]]:
    """The readings that have a card, and how many more the last card of a kind stands for."""
    shown: list[Reading] = []
    hidden: dict[tuple[str, str], int] = {}

    def kind(one: Reading) -> tuple[str, str]:
        return one.health, one.indicator.name

    for key, group in groupby(found, key=kind):
        several = sorted(group, key=_badness)
        most = _GOOD_SHOWN if key[0] == "good" else _WRONG_SHOWN
        shown += several[:most]
        if len(several) > most:
            hidden[key[1], several[most - 1].label] = len(several) - most
    return shown, hidden


def _badness(one: Reading) -> float:
    value = one.value or 0.0
    return value if one.indicator.better == "higher" else -value


def _card(
    one: Reading,
    trends: Mapping[tuple[str, str], list[float | None]],
    owners: Mapping[str, str],
    hidden: Mapping[tuple[str, str], int],
) -> dict[str, Any]:
    indicator = one.indicator
    trend = trends.get((indicator.name, one.label), [])
    more = hidden.get((indicator.name, one.label), 0)
    name = FEEDS.get(one.label, one.label)
    return {
        "reading": one,
        "label": name + (f" (et {plural(more, 'autre')})" if more else ""),
        "health_fr": HEALTH_FR[one.health],
        "value": _in_unit(one.value, indicator.unit) if one.value is not None else "—",
        "trend": sparkline(trend, f"{indicator.title} depuis 24 heures"),
        "target": _target(indicator, one.levels),
        "owner": owners.get(indicator.owner, indicator.owner),
    }


def _target(indicator: Indicator, levels: Levels) -> str:
    sign = "≥" if indicator.better == "higher" else "≤"
    return f"cible {sign} {_in_unit(levels.target, indicator.unit)}"


def _in_unit(value: float, unit: str) -> str:
    # The word agrees with its number; symbols stay.
    word = unit[:-1] if value < _SEVERAL and unit in _PLURALS else unit
    return f"{short(value)}\u202f{word}".rstrip("\u202f")


def _span(every: timedelta) -> str:
    seconds = int(every.total_seconds())
    for unit, length in (("jours", _DAY), ("heures", _HOUR), ("minutes", _MINUTE)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} secondes"


def _query(indicator: Indicator) -> str:
    """The text of the query of an indicator; empty for one that is probed."""
    if indicator.probe:
        return ""
    file = resources.files("shopnow.alerts.indicators") / "sql" / f"{indicator.name}.sql"
    return file.read_text(encoding="utf-8")


def _trends(visit: Visit, shown: Sequence[Reading]) -> dict[tuple[str, str], list[float | None]]:
    """The values at each hour of the last day, of what is shown; None where there was no data."""
    values = {
        "names": [one.indicator.name for one in shown],
        "labels": [one.label for one in shown],
        "since": visit.now - _TREND,
        "now": visit.now,
    }
    found: dict[tuple[str, str], list[float | None]] = {}
    for name, label, value in visit.conn.execute(SQL["trends"], values):
        found.setdefault((name, label), []).append(value)
    return found
