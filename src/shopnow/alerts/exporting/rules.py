"""Alert rules for Prometheus, made from the same declarations as our own alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from shopnow.alerts.exporting.units import HEALTH, HEALTH_CODES, in_base_unit, metric_name
from shopnow.alerts.indicators import load_indicators
from shopnow.alerts.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.alerts.indicators import Indicator
    from shopnow.alerts.model import Rule
    from shopnow.kernel import Settings

RULES_FILE: Final = "shopnow.rules.yml"
# Prometheus looks as often as we do.
INTERVAL_SECONDS: Final = 10
SILENT: Final = "mesures-absentes"
_TOLD: Final = "{{ with $labels.label }} : {{ . }}{{ end }}"


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison of a rule: which series, which side of what value is bad."""

    indicator: Indicator
    metric: str
    selector: str
    sign: str
    level: float

    @property
    def expression(self) -> str:
        """The comparison in PromQL."""
        return f"{self.metric}{self.selector} {self.sign} {self.level:g}"


def prometheus_rules(settings: Settings) -> str:
    """Return a rules file (YAML): an alert for each rule that is about an indicator."""
    rules = [_alert(rule, terms) for rule, terms in exported_rules(settings)]
    group = {
        "name": "shopnow",
        "interval": f"{INTERVAL_SECONDS}s",
        "rules": [*rules, _absent()],
    }
    return yaml.safe_dump({"groups": [group]}, allow_unicode=True, sort_keys=False, width=100)


def exported_rules(settings: Settings) -> Iterator[tuple[Rule, list[Term]]]:
    """Yield the rules that Prometheus can judge, with what each compares."""
    indicators = load_indicators(settings)
    for rule in load_rules(settings).values():
        names = rule.only or ((rule.indicator,) if rule.indicator else ())
        terms = [_term(rule, indicators[name]) for name in names]
        if terms:
            yield rule, terms


def told(rule: Rule, label: str) -> dict[str, str]:
    """Return what people read of an alert; `label` as it is appended to the title."""
    return {
        "summary": f"{rule.title}{label}",
        "description": rule.effect,
        "runbook": f"docs/exploitation/{rule.runbook}.md",
    }


def told_of_silence() -> dict[str, str]:
    """Return what people read when nothing is measured any more."""
    return {
        "summary": "ShopNow ne publie plus de mesure",
        "description": "L'entrepôt, ou ses pages, ne répondent plus : on ne voit plus rien.",
        "runbook": "docs/exploitation/base-injoignable.md",
    }


def labels(rule: Rule) -> dict[str, str]:
    """Return by which labels messages are routed."""
    return {"severity": rule.priority, "activity": rule.activity}


def _alert(rule: Rule, terms: list[Term]) -> dict[str, Any]:
    return {
        "alert": rule.name,
        "expr": " or ".join(one.expression for one in terms),
        "for": f"{int(rule.lasting.total_seconds())}s",
        "keep_firing_for": f"{int(rule.clear.total_seconds())}s",
        "labels": labels(rule),
        "annotations": told(rule, _TOLD),
    }


def _absent() -> dict[str, Any]:
    return {
        "alert": SILENT,
        "expr": f"absent({HEALTH})",
        "for": "5m",
        "labels": {"severity": "P1", "activity": "plateforme"},
        "annotations": told_of_silence(),
    }


def _term(rule: Rule, one: Indicator) -> Term:
    if rule.when == "no_data":
        # What never spoke has not fallen silent: its only series has no label.
        named = ',label!=""' if one.label_fr else ""
        return Term(one, HEALTH, f'{{indicator="{one.name}"{named}}}', "==",
                    HEALTH_CODES["no_data"])  # fmt: skip
    level = one.levels.breach
    if one.levels_of or level is None:
        # Each label has its own level: the health says which is beyond it.
        return Term(one, HEALTH, f'{{indicator="{one.name}"}}', "==", HEALTH_CODES["breach"])
    sign = "<" if one.better == "higher" else ">=" if level > one.levels.target else ">"
    return Term(one, metric_name(one), "", sign, in_base_unit(one, level))
