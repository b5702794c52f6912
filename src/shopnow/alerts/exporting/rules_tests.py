"""Unit tests of the Prometheus rules, in the form that `promtool test rules` runs.

For each rule: quiet while all is well, quiet until it has lasted, told with its words, still told
during the calm that its rule demands, and over after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from shopnow.alerts.exporting.rules import (
    INTERVAL_SECONDS,
    RULES_FILE,
    SILENT,
    exported_rules,
    labels,
    told,
    told_of_silence,
)
from shopnow.alerts.exporting.units import HEALTH, HEALTH_CODES, in_base_unit

if TYPE_CHECKING:
    from shopnow.alerts.exporting.rules import Term
    from shopnow.alerts.model import Rule
    from shopnow.kernel import Settings

# Seconds of calm before, and of trouble after the rule has had its time.
_BEFORE: Final = 60
_TROUBLE: Final = 120
_LABEL: Final = "essai"


def prometheus_tests(settings: Settings) -> str:
    """Return the tests (YAML) of the file of rules, which lies beside it."""
    tests = [_test(rule, term) for rule, terms in exported_rules(settings) for term in terms]
    document = {
        "rule_files": [RULES_FILE],
        "evaluation_interval": f"{INTERVAL_SECONDS}s",
        "tests": [*tests, _silent()],
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def _test(rule: Rule, term: Term) -> dict[str, Any]:
    lasting, clear = int(rule.lasting.total_seconds()), int(rule.clear.total_seconds())
    bad_until = _BEFORE + lasting + _TROUBLE
    firing = [_firing(rule, term)]
    good, bad = _values(term)
    # Values stand for one interval; a run `axn` is a value and n more of it.
    runs = [(good, _BEFORE), (bad, bad_until - _BEFORE), (good, clear + 2 * _TROUBLE)]
    values = " ".join(f"{value:g}x{seconds // INTERVAL_SECONDS - 1}" for value, seconds in runs)
    cases: list[tuple[int, list[dict[str, Any]]]] = [(_BEFORE - INTERVAL_SECONDS, [])]
    if lasting > INTERVAL_SECONDS:
        cases.append((_BEFORE + lasting - INTERVAL_SECONDS, []))
    cases += [
        (_BEFORE + lasting + INTERVAL_SECONDS, firing),
        (bad_until + clear // 2, firing),
        (bad_until + clear + _TROUBLE, []),
    ]
    return {
        "name": f"{rule.name} ({term.indicator.name})",
        "interval": f"{INTERVAL_SECONDS}s",
        "input_series": [{"series": _series(term), "values": values}],
        "alert_rule_test": [
            {"eval_time": f"{second}s", "alertname": rule.name, "exp_alerts": expected}
            for second, expected in cases
        ],
    }


def _label(term: Term) -> str:
    return _LABEL if term.indicator.label_fr else ""


def _series(term: Term) -> str:
    if term.metric == HEALTH:
        return f'{HEALTH}{{indicator="{term.indicator.name}",label="{_label(term)}"}}'
    return f'{term.metric}{{label="{_label(term)}"}}'


def _values(term: Term) -> tuple[float, float]:
    """A good and a bad value of a series."""
    if term.metric == HEALTH:
        return HEALTH_CODES["good"], term.level
    good = in_base_unit(term.indicator, term.indicator.levels.target)
    # At the level itself where that is bad already, else beyond it.
    bad = {"<": term.level * 0.9, ">=": term.level, ">": term.level + 1}[term.sign]
    return good, bad


def _firing(rule: Rule, term: Term) -> dict[str, Any]:
    label = _label(term)
    found = labels(rule) | ({"label": label} if label else {})
    if term.metric == HEALTH:
        found |= {"indicator": term.indicator.name}
    said = told(rule, f" : {label}" if label else "")
    return {"exp_labels": found, "exp_annotations": said}


def _silent() -> dict[str, Any]:
    firing = {"exp_labels": {"severity": "P1", "activity": "plateforme"},
            "exp_annotations": told_of_silence()}  # fmt: skip
    return {
        "name": SILENT,
        "interval": f"{INTERVAL_SECONDS}s",
        "input_series": [
            {"series": f'{HEALTH}{{indicator="disk_used_pct",label=""}}', "values": "0x29 _x60"}
        ],
        "alert_rule_test": [
            {"eval_time": "290s", "alertname": SILENT, "exp_alerts": []},
            # A series is looked back at for five minutes; five more it has to be away.
            {"eval_time": "890s", "alertname": SILENT, "exp_alerts": []},
            {"eval_time": "900s", "alertname": SILENT, "exp_alerts": [firing]},
        ],
    }
