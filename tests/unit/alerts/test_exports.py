"""Prometheus rules, their tests and the Grafana board: made from the declarations, and checked.

`promtool` is Prometheus' own checker (Debian package prometheus); where it is not on the path its
tests say so and are left out.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from shopnow.alerts import (
    RULES_FILE,
    grafana_dashboard,
    load_indicators,
    load_rules,
    prometheus_rules,
    prometheus_tests,
)
from shopnow.alerts.exporting.units import in_base_unit, metric_name
from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import Settings, SystemClock

EVIDENCE = Path(__file__).parents[3] / "build" / "evidence"
SETTINGS = Settings()
RULES = load_rules(SETTINGS)
INDICATORS = load_indicators(SETTINGS)
PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None, reason="promtool (Debian package prometheus) is not on the path"
)


def promtool(*words: str, folder: Path, said: str = "") -> subprocess.CompletedProcess[str]:
    assert PROMTOOL is not None
    return subprocess.run(
        [PROMTOOL, *words], cwd=folder, input=said, capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip


@cache
def board() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(grafana_dashboard(SETTINGS))
    return made


def queries() -> list[str]:
    return [one["expr"] for panel in board()["panels"] for one in panel.get("targets", ())]


def test_prometheus_gets_an_alert_for_each_rule_about_an_indicator() -> None:
    document = yaml.safe_load(prometheus_rules(SETTINGS))
    alerts = {one["alert"]: one for one in document["groups"][0]["rules"]}
    wanted = {name for name, rule in RULES.items() if rule.indicator}
    assert alerts.keys() == wanted | {"mesures-absentes"}
    disk = alerts["disque-plein"]
    assert disk["expr"] == "shopnow_disk_used_ratio >= 0.9"
    assert disk["labels"] == {"severity": "P1", "activity": "plateforme"}
    assert alerts["executions-en-echec"]["expr"] == "shopnow_etl_success_ratio < 0.9"
    # Zero is the promise: only more than that is too much.
    assert alerts["conservation-depassee"]["expr"] == "shopnow_retention_overdue_seconds > 0"
    assert alerts["flux-muet"]["expr"] == (
        'shopnow_indicator_health{indicator="feed_freshness_minutes",label!=""} == 3'
    )


def test_each_exported_rule_has_a_test_of_each_of_its_terms() -> None:
    tests = yaml.safe_load(prometheus_tests(SETTINGS))
    tested = [one["alert_rule_test"][0]["alertname"] for one in tests["tests"]]
    for rule in yaml.safe_load(prometheus_rules(SETTINGS))["groups"][0]["rules"]:
        assert tested.count(rule["alert"]) == rule["expr"].count(" or ") + 1


def test_names_are_in_base_units() -> None:
    one = INDICATORS["feed_freshness_minutes"]
    assert (metric_name(one), in_base_unit(one, 2)) == ("shopnow_feed_freshness_seconds", 120)
    assert metric_name(INDICATORS["errors_per_hour"]) == "shopnow_errors_per_hour"
    names = [metric_name(one) for one in INDICATORS.values()]
    assert len(set(names)) == len(names)


def test_the_board_shows_every_indicator_and_nothing_else() -> None:
    used = {word for query in queries() for word in re.findall(r"shopnow_\w+", query)}
    known = {"shopnow_indicator_health", "shopnow_alerts_firing", "shopnow_tickets_open"}
    assert used == known | {metric_name(one) for one in INDICATORS.values()}
    titles = [panel["title"] for panel in board()["panels"]]
    for one in INDICATORS.values():
        assert one.title in titles
        assert f"État : {one.title}" in titles


def test_the_board_hangs_together() -> None:
    made = board()
    panels = made["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)
    for one, other in combinations([panel["gridPos"] for panel in panels], 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below, (one, other)
    assert {one["name"] for one in made["templating"]["list"]} == {"source"}
    sources = {panel["datasource"]["uid"] for panel in panels if "datasource" in panel}
    assert sources == {"${source}"}


def test_the_board_says_no_data_and_colours_by_the_declared_levels() -> None:
    panels = {panel["title"]: panel for panel in board()["panels"]}
    disk = panels["Disque occupé"]["fieldConfig"]["defaults"]
    assert disk["unit"] == "percentunit"
    assert disk["noValue"] == "sans donnée : disque illisible"
    assert [(one["color"], one["value"]) for one in disk["thresholds"]["steps"]] == [
        ("green", None), ("yellow", 0.8), ("red", 0.9),
    ]  # fmt: skip
    runs = panels["Taux de succès des exécutions"]["fieldConfig"]["defaults"]["thresholds"]["steps"]
    assert [(one["color"], one["value"]) for one in runs] == [
        ("red", None), ("yellow", 0.9), ("green", 0.99),
    ]  # fmt: skip
    states = panels["État : Disque occupé"]["fieldConfig"]["defaults"]["mappings"][0]["options"]
    assert states["3"]["text"] == "sans donnée"
    assert states["3"]["color"] != states["0"]["color"]


@needs_promtool
def test_promtool_takes_the_rules_and_their_tests_pass(tmp_path: Path) -> None:
    (tmp_path / RULES_FILE).write_text(prometheus_rules(SETTINGS), encoding="utf-8")
    (tmp_path / "tests.yml").write_text(prometheus_tests(SETTINGS), encoding="utf-8")
    checked = promtool("check", "rules", "--lint-fatal", RULES_FILE, folder=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tested = promtool("test", "rules", "tests.yml", folder=tmp_path)
    assert tested.returncode == 0, tested.stdout + tested.stderr
    rules = yaml.safe_load(prometheus_rules(SETTINGS))["groups"][0]["rules"]
    tests = yaml.safe_load(prometheus_tests(SETTINGS))["tests"]
    cases = sum(len(one["alert_rule_test"]) for one in tests)
    write_evidence(
        EVIDENCE / "C16-02-prometheus.json",
        criterion="C16-02",
        command="pytest tests/unit/alerts/test_exports.py",
        figures=[
            Measured("rules", len(rules), "règles", "Règles Prometheus produites, vérifiées"),
            Measured("cases", cases, "cas", "Cas de promtool test rules, tous passés"),
            Measured("panels", len(board()["panels"]), "panneaux", "Panneaux du tableau Grafana"),
        ],
        measured_at=SystemClock().now(),
        conditions={"outil": "promtool check rules --lint-fatal, promtool test rules"},
    )


@needs_promtool
@pytest.mark.parametrize("wrong", ["level", "for", "keep_firing_for", "severity"])
def test_a_rule_that_is_not_as_declared_fails_its_test(tmp_path: Path, wrong: str) -> None:
    document = yaml.safe_load(prometheus_rules(SETTINGS))
    rules = {one["alert"]: one for one in document["groups"][0]["rules"]}
    if wrong == "level":
        rules["disque-plein"]["expr"] = "shopnow_disk_used_ratio >= 0.95"
    elif wrong == "severity":
        rules["mart-en-retard"]["labels"]["severity"] = "P1"
    else:
        rules["flux-en-retard"][wrong] = "0s"
    (tmp_path / RULES_FILE).write_text(yaml.safe_dump(document, allow_unicode=True))
    (tmp_path / "tests.yml").write_text(prometheus_tests(SETTINGS), encoding="utf-8")
    assert promtool("test", "rules", "tests.yml", folder=tmp_path).returncode != 0


@needs_promtool
def test_promtool_takes_every_query_of_the_board(tmp_path: Path) -> None:
    rules = [{"record": f"board:query:{number}", "expr": expr}
             for number, expr in enumerate(queries())]  # fmt: skip
    document = {"groups": [{"name": "board", "rules": rules}]}
    (tmp_path / "board.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    checked = promtool("check", "rules", "board.yml", folder=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
