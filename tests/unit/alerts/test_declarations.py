"""Every alert has its runbook, every indicator its query, every code its page; and back."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from shopnow.alerts import load_indicators, load_rules
from shopnow.alerts.indicators import PROBES
from shopnow.deliverables import event_code_documents
from shopnow.desk import PRIORITIES, load_agreement, load_raci
from shopnow.jobs.watchdog import ROUND_SECONDS
from shopnow.journal import event_codes
from shopnow.kernel import Settings

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "docs" / "exploitation"
QUERIES = ROOT / "src" / "shopnow" / "alerts" / "indicators" / "sql"
SECTIONS = ["Signification", "Impact", "Diagnostic", "Vérifier", "Revenir en arrière", "Escalade"]
# What people look for by its task; no alert names these.
TASKS = frozenset({
    "verifier-les-journaux-et-les-alertes", "incident-p1", "ajouter-de-l-espace",
    "ajouter-un-datamart", "ajouter-de-la-capacite-de-calcul", "brancher-d-autres-outils",
})  # fmt: skip

SETTINGS = Settings()
RULES = load_rules(SETTINGS)
INDICATORS = load_indicators(SETTINGS)


@pytest.mark.parametrize("name", sorted(RULES))
def test_every_alert_has_a_runbook_with_all_its_parts(name: str) -> None:
    page = PAGES / f"{RULES[name].runbook}.md"
    headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert [one for one in SECTIONS if one not in headings] == []


def test_every_runbook_about_an_alert_is_named_by_one() -> None:
    named = {rule.runbook for rule in RULES.values()}
    about = {
        path.stem
        for path in PAGES.glob("*.md")
        if "shopnow alert list --rule" in path.read_text(encoding="utf-8")
    }
    assert about <= named
    for path in PAGES.glob("*.md"):
        for rule in re.findall(r"alert list --rule (\S+)", path.read_text(encoding="utf-8")):
            assert RULES[rule].runbook == path.stem


def test_the_runbooks_of_the_tasks_are_there() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} >= TASKS


def test_every_indicator_has_target_query_owner_and_words() -> None:
    raci = load_raci()
    for one in INDICATORS.values():
        assert one.owner in raci.roles
        assert one.title
        assert one.meaning.endswith(".")
        assert one.no_data_says
        assert one.probe in PROBES if one.probe else (QUERIES / f"{one.name}.sql").is_file()
        own = [*(one.levels_of or {}).values(), one.levels]
        for levels in own:
            order = [levels.target, levels.warn, levels.breach]
            known = [level for level in order if level is not None]
            assert known == sorted(known, reverse=one.better == "higher"), one.name


def test_every_query_of_an_indicator_belongs_to_one() -> None:
    names = {path.stem for path in QUERIES.glob("*.sql")}
    kept = {one for one in names if not one.startswith(("measurement", "mart_", "batches_"))}
    assert kept == {name for name, one in INDICATORS.items() if not one.probe}


def test_what_the_grid_asks_for_is_measured() -> None:
    assert {
        "availability_pct", "feed_freshness_minutes", "seller_reject_pct", "ticket_mttr_hours",
        "recovery_point_minutes", "recovery_time_minutes", "ticket_in_time_pct",
    } <= INDICATORS.keys()  # fmt: skip
    targets = {name: INDICATORS["ticket_mttr_hours"].levels_for(name).target for name in PRIORITIES}
    assert targets == {"P1": 4, "P2": 24, "P3": 72}


def test_every_code_is_published_with_links_that_lead_somewhere() -> None:
    documents = event_code_documents()
    assert documents.keys() == event_codes().keys() | {"index"}
    for name, text in documents.items():
        for link in re.findall(r"\]\(([^)]+)\)", text):
            target = link.removesuffix(".md")
            known = (
                target in documents
                if name == "index"
                else (PAGES / f"{target.rpartition('/')[2]}.md").is_file()
            )
            assert known, f"{name} leads to {link}"


def test_every_runbook_that_a_code_names_is_there() -> None:
    named = {one.runbook for one in event_codes().values() if one.runbook}
    assert sorted(name for name in named if not (PAGES / f"{name}.md").is_file()) == []


def test_every_code_that_a_rule_waits_for_is_known() -> None:
    waited = {
        code
        for rule in RULES.values()
        if rule.event
        for code in (*rule.event.codes, *rule.event.not_codes)
    }
    assert sorted(waited - event_codes().keys()) == []


def test_every_alert_is_told_within_what_its_priority_promises() -> None:
    rounds = timedelta(seconds=2 * ROUND_SECONDS)
    within = load_agreement(SETTINGS.tz).told_within
    for rule in RULES.values():
        names = rule.only or ((rule.indicator,) if rule.indicator else ())
        every = max((INDICATORS[name].every for name in names), default=timedelta())
        assert rule.lasting + every + rounds <= within[rule.priority], rule.name


def test_every_indicator_out_of_bounds_has_one_alert_or_says_why_not() -> None:
    for one in INDICATORS.values():
        if one.levels.breach is None and not one.levels_of:
            continue
        told = [rule.name for rule in RULES.values()
                if rule.concerns(one.name) and rule.when == "breach"]  # fmt: skip
        assert len(told) == (0 if one.quiet else 1), (one.name, told)
