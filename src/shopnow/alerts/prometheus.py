"""Alert rules for Prometheus, made from the same declarations as our own alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from shopnow.alerts.indicators import load_indicators
from shopnow.alerts.metrics import metric_name
from shopnow.alerts.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopnow.alerts.indicators import Indicator
    from shopnow.alerts.model import Rule
    from shopnow.kernel import Settings


def prometheus_rules(settings: Settings) -> str:
    """Return a rules file (YAML): one alert a rule that is about an indicator."""
    indicators = load_indicators(settings)
    rules = [
        _alert(rule, expression)
        for rule in load_rules(settings).values()
        if (expression := _expression(rule, indicators))
    ]
    absent = {
        "alert": "shopnow-sans-mesure",
        "expr": "absent(shopnow_indicator_health)",
        "for": "5m",
        "labels": {"severity": "P1"},
        "annotations": {
            "summary": "ShopNow ne publie plus de mesure",
            "runbook": "docs/exploitation/base-injoignable.md",
        },
    }
    document = {"groups": [{"name": "shopnow", "rules": [*rules, absent]}]}
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def _alert(rule: Rule, expression: str) -> dict[str, Any]:
    return {
        "alert": rule.name,
        "expr": expression,
        "for": f"{int(rule.lasting.total_seconds())}s",
        "keep_firing_for": f"{int(rule.clear.total_seconds())}s",
        "labels": {"severity": rule.priority, "activity": rule.activity},
        "annotations": {
            "summary": rule.title,
            "description": rule.effect,
            "runbook": f"docs/exploitation/{rule.runbook}.md",
        },
    }


def _expression(rule: Rule, indicators: Mapping[str, Indicator]) -> str:
    names = rule.only or ((rule.indicator,) if rule.indicator else ())
    if rule.when == "no_data":
        chosen = "|".join(names)
        return f'shopnow_indicator_health{{indicator=~"{chosen}"}} == 3' if names else ""
    parts = []
    for name in names:
        one = indicators[name]
        if one.levels_of:
            # Each label has its own level: the health says which is beyond it.
            parts.append(f'shopnow_indicator_health{{indicator="{name}"}} == 2')
        elif one.levels.breach is not None:
            sign = "<" if one.better == "higher" else ">="
            parts.append(f"{metric_name(one)} {sign} {one.levels.breach:g}")
    return " or ".join(parts)
