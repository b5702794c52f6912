"""The runbooks of the alerts do what they say, command by command, on a real warehouse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.runbooks import FOLDER, play, runbook

from shopnow.alerts import list_episodes
from shopnow.desk import list_tickets, one_ticket
from shopnow.kernel import connect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.alerts.conftest import Tower

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

ABOUT_ALERTS = sorted(
    path.stem for path in FOLDER.glob("*.md")
    if re.search(r"alert list --rule", path.read_text(encoding="utf-8"))
)  # fmt: skip


def test_an_incident_p1_from_the_alert_to_the_problem(tower: Tower, tmp_path: Path) -> None:
    tower.happens("load_broken")
    tower.watch()
    [alert] = list_episodes(tower.conn)
    played = play(
        runbook("incident-p1"), tower.settings, tmp_path / "work",
        variables={"ALERTE": str(alert.alert_no), "TICKET": str(alert.ticket_no)},
    )  # fmt: skip
    assert "Erreur technique" in played[0].stdout
    assert alert.ticket_no is not None
    one = one_ticket(tower.conn, alert.ticket_no)
    assert (one.state, one.is_met) == ("resolved", True)
    [again] = list_episodes(tower.conn)
    assert again.acknowledged_by
    assert [one.kind for one in list_tickets(tower.conn)].count("problem") == 1


def test_the_round_of_the_guard(tower: Tower, tmp_path: Path) -> None:
    tower.happens("load_broken")
    tower.watch()
    played = play(
        runbook("verifier-les-journaux-et-les-alertes"), tower.settings, tmp_path / "work"
    )
    assert "Erreur technique" in played[0].stdout
    assert "load_broken" in played[2].stdout
    assert "maintenance annoncée" in played[3].stdout
    assert "courriel : message accepté" in played[4].stdout
    assert tower.rows("SELECT rule FROM journal.alert_silence") == [("mart-en-retard",)]


def test_other_tools_are_connected(tower: Tower, tmp_path: Path) -> None:
    played = play(runbook("brancher-d-autres-outils"), tower.settings, tmp_path / "work")
    assert "digest: [courriel]" in (tmp_path / "work" / "channels.yaml").read_text("utf-8")
    assert "shopnow.dashboard.json" in played[2].stdout
    assert "[ShopNow] Bilan du" in played[3].stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", ABOUT_ALERTS)
def test_the_runbook_of_an_alert(first_day: Settings, tmp_path: Path, name: str) -> None:
    if name == "base-injoignable":
        pytest.skip(
            "its server is that of all tests; test_promises kills one of its own and plays it"
        )
    assert play(runbook(name), first_day, tmp_path / "work")


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["ajouter-de-l-espace", "ajouter-de-la-capacite-de-calcul", "ajouter-un-datamart"]
)
def test_the_runbooks_of_growth(first_day: Settings, tmp_path: Path, name: str) -> None:
    played = play(runbook(name), first_day, tmp_path / "work")
    assert all(one.stdout or one.stderr for one in played)
    if name == "ajouter-un-datamart":
        assert (tmp_path / "work" / "brouillon" / "marts" / "category_daily.sql").is_file()
    with connect(first_day) as conn:
        assert conn.execute("SELECT 1").fetchone() == (1,)
