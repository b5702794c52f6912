"""A Grafana dashboard of all indicators: what is wrong first, then each with target and levels.

Made from the declarations alone, so the set on the board is the set declared.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from shopnow.alerts.exporting.units import (
    HEALTH,
    HEALTH_CODES,
    grafana_unit,
    in_base_unit,
    metric_name,
)
from shopnow.alerts.indicators import HEALTH_FR, load_indicators
from shopnow.desk import load_raci

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.alerts.indicators import Indicator
    from shopnow.kernel import Settings

_SCHEMA: Final = 39
_WIDTH: Final = 24
_HEIGHT: Final = 8
_STATE_WIDTH: Final = 8
_SOURCE: Final = {"type": "prometheus", "uid": "${source}"}
_COLOURS: Final = {"good": "green", "warn": "yellow", "breach": "red", "no_data": "purple"}
_BAD: Final = "red"


def grafana_dashboard(settings: Settings) -> str:
    """Return the dashboard as Grafana imports it (JSON); its data source is asked for there."""
    indicators = load_indicators(settings)
    document = {
        "uid": "shopnow-supervision",
        "title": "ShopNow : supervision de l'entrepôt",
        "description": "Tous les indicateurs de service, ce qui ne va pas d'abord.",
        "tags": ["shopnow"],
        "schemaVersion": _SCHEMA,
        "editable": False,
        "timezone": settings.zone,
        "refresh": "30s",
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": [_variable()]},
        "panels": _placed([*_overview(), *_by_owner(settings, indicators.values())]),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _variable() -> dict[str, Any]:
    return {"name": "source", "label": "Source des mesures", "type": "datasource",
            "query": "prometheus"}  # fmt: skip


def _overview() -> Iterator[dict[str, Any]]:
    """What is wrong, at a glance."""
    yield _row("Ce qui ne va pas d'abord")
    for health in ("breach", "no_data", "warn", "good"):
        query = f"count({HEALTH} == {HEALTH_CODES[health]}) or vector(0)"
        # One good thing less is no alarm: only what is wrong is coloured.
        steps: list[dict[str, Any]] = [{"color": _COLOURS["good"], "value": None}]
        if health != "good":
            steps.append({"color": _COLOURS[health], "value": 1})
        yield _panel(
            "stat", f"Indicateurs : {HEALTH_FR[health]}", [query], width=4, height=4, steps=steps
        )
    yield _panel("stat", "Alertes en cours", ["shopnow_alerts_firing"], width=4, height=4,
                 legend="{{priority}}")  # fmt: skip
    yield _panel("stat", "Tickets ouverts", ["shopnow_tickets_open"], width=4, height=4,
                 legend="{{priority}}")  # fmt: skip
    yield _states("Indicateurs qui ne sont pas bons", f"{HEALTH} > 0", _WIDTH,
                  "{{indicator}} {{label}}")  # fmt: skip


def _by_owner(settings: Settings, indicators: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401
    roles = load_raci(settings.home).roles
    owned: dict[str, list[Indicator]] = defaultdict(list)
    for one in indicators:
        owned[one.owner].append(one)
    for owner, ones in owned.items():
        title = roles[owner].title if owner in roles else owner
        yield _row(f"À la charge de : {title}")
        for one in ones:
            yield _values(one)
            yield _states(f"État : {one.title}", f'{HEALTH}{{indicator="{one.name}"}}',
                          _STATE_WIDTH, "{{label}}")  # fmt: skip


def _values(one: Indicator) -> dict[str, Any]:
    said = f"{one.meaning} Sans donnée : {one.no_data_says}."
    return _panel(
        "timeseries", one.title, [metric_name(one)], width=_WIDTH - _STATE_WIDTH, height=_HEIGHT,
        legend="{{label}}" if one.label_fr else one.title, unit=grafana_unit(one),
        steps=_steps(one), description=said, no_value=f"sans donnée : {one.no_data_says}",
    )  # fmt: skip


def _steps(one: Indicator) -> list[dict[str, Any]]:
    """Colours from the declared levels, in rising order; none where each label has its own."""
    if one.levels_of:
        return []
    warn, breach = (
        None if level is None else in_base_unit(one, level)
        for level in (one.levels.warn, one.levels.breach)
    )
    rising = [(warn, _COLOURS["warn"]), (breach, _BAD)]
    start = _COLOURS["good"]
    if one.better == "higher":
        # Below breach is bad, from there on to be watched, from the level of warning on good.
        rising = [(breach, _COLOURS["warn"]), (warn, _COLOURS["good"])]
        start = _BAD if breach is not None else _COLOURS["warn"]
    steps: list[dict[str, Any]] = [{"color": start, "value": None}]
    for value, colour in rising:
        if value is None:
            continue
        if steps[-1]["value"] == value:
            # Two levels at one value: the graver stands.
            steps.pop()
        steps.append({"color": colour, "value": value})
    return steps


def _states(title: str, query: str, width: int, legend: str) -> dict[str, Any]:
    panel = _panel("state-timeline", title, [query], width=width, height=_HEIGHT, legend=legend)
    texts = {
        str(code): {"text": HEALTH_FR[health], "color": _COLOURS[health], "index": code}
        for health, code in HEALTH_CODES.items()
    }
    panel["fieldConfig"]["defaults"]["mappings"] = [{"type": "value", "options": texts}]
    return panel


def _row(title: str) -> dict[str, Any]:
    return {"type": "row", "title": title, "collapsed": False, "panels": [],
            "gridPos": {"w": _WIDTH, "h": 1}}  # fmt: skip


def _panel(
    kind: str, title: str, queries: list[str], *, width: int, height: int, legend: str = "",
    unit: str = "none", steps: list[dict[str, Any]] | None = None, description: str = "",
    no_value: str = "sans donnée",
) -> dict[str, Any]:  # fmt: skip
    defaults: dict[str, Any] = {"unit": unit, "noValue": no_value}
    if steps:
        defaults["thresholds"] = {"mode": "absolute", "steps": steps}
        defaults["color"] = {"mode": "thresholds"}
        if kind == "timeseries":
            defaults["custom"] = {"thresholdsStyle": {"mode": "line"}}
            defaults["color"] = {"mode": "palette-classic"}
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": _SOURCE,
        "gridPos": {"w": width, "h": height},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": {},
        "targets": [
            {"refId": chr(ord("A") + number), "datasource": _SOURCE, "expr": query,
             "legendFormat": legend or "__auto"}
            for number, query in enumerate(queries)
        ],
    }  # fmt: skip


def _placed(panels: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Number the panels and give each its place, from left to right and down."""
    left = top = tallest = 0
    for number, panel in enumerate(panels, 1):
        place = panel["gridPos"]
        if left + place["w"] > _WIDTH:
            left, top, tallest = 0, top + tallest, 0
        panel["id"] = number
        panel["gridPos"] = place | {"x": left, "y": top}
        left, tallest = left + place["w"], max(tallest, place["h"])
    return panels
