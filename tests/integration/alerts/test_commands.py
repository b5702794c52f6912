"""The commands of watching: ticket, alert, journal; their JSON and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from shopnow.alerts import list_episodes
from shopnow.cli.base import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.alerts.conftest import Tower

    Call = Callable[..., tuple[int, Any]]

pytestmark = pytest.mark.integration


@pytest.fixture
def shopnow(tower: Tower, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call a command on the watched warehouse; its exit code and what it printed as JSON."""

    def call(*words: str) -> tuple[int, Any]:
        settings = tower.settings
        options = ["--home", str(settings.home), "--set", f"database={settings.database}",
                   "--set", "server_sync=false", "--set", "server_archive=false"]  # fmt: skip
        capsys.readouterr()
        code = run([*options, *words, "--json"])
        out = capsys.readouterr().out
        return code, json.loads(out) if out.startswith(("{", "[")) else out

    return call


def test_a_ticket_lives_by_commands(shopnow: Call) -> None:
    code, one = shopnow(
        "ticket", "open", "--activity", "acces", "--kind", "request", "--title", "Un accès",
        "--impact", "moyen", "--urgency", "bas",
    )  # fmt: skip
    assert (code, one["priority"], one["role"]) == (0, "P3", "administrateur_dwh")
    number = str(one["ticket_no"])
    [expected] = shopnow("ticket", "forecast")[1]
    assert (expected["at_risk"], expected["clock"]["state"]) == (False, "running")
    for words, state in (
        (("start",), "in_progress"), (("pause", "--hold", "demandeur"), "waiting"),
        (("resume", "--hold", "demandeur"), "in_progress"),
        (("reclassify", "--impact", "haut", "--urgency", "haut"), "in_progress"),
        (("assign", "--role", "exploitant"), "in_progress"),
        (("comment", "--comment", "vu"), "in_progress"), (("resolve",), "resolved"),
        (("reopen",), "in_progress"), (("resolve",), "resolved"), (("close",), "closed"),
    ):  # fmt: skip
        code, one = shopnow("ticket", words[0], number, *words[1:])
        assert (code, one["state"]) == (0, state)
    assert (one["priority"], one["role"], one["is_met"]) == ("P1", "exploitant", True)
    assert shopnow("ticket", "forecast") == (0, [])
    code, told = shopnow("ticket", "show", number)
    assert len(told["events"]) == 12
    assert told["clock"]["state"] == "stopped"
    assert shopnow("ticket", "pause", number)[0] == 2
    assert shopnow("ticket", "resolve", "999")[0] == 2
    assert shopnow("ticket", "list")[1] == []
    assert len(shopnow("ticket", "list", "--all")[1]) == 1
    month = shopnow("ticket", "report")[1]["priorities"]
    assert (month[0]["priority"], month[0]["resolved"]) == ("P1", 1)
    assert shopnow("ticket", "workload") == (0, [])
    assert "acces" in shopnow("ticket", "raci")[1]["activities"]


def test_alerts_by_commands(shopnow: Call, tower: Tower) -> None:
    assert shopnow("alert", "list") == (0, [])
    tower.happens("load_broken")
    code, done = shopnow("alert", "check")
    assert (code, done["fired"], done["sent"]) == (1, 1, 3)
    code, found = shopnow("alert", "list")
    assert (code, found[0]["rule"]) == (1, "erreur-technique")
    number = str(found[0]["alert_no"])
    assert len(shopnow("alert", "show", number)[1]["notices"]) == 3
    code, acked = shopnow("alert", "ack", number)
    assert code == 0
    assert shopnow("ticket", "show", str(acked["ticket_no"]))[1]["ticket"]["state"] == "in_progress"
    assert shopnow("alert", "ack", number)[0] == 2
    assert shopnow("alert", "silence", "nope", "--minutes", "5", "--reason", "x")[0] == 2
    assert shopnow("alert", "silence", "flux-muet", "--minutes", "5", "--reason", "x")[0] == 0
    [silence] = shopnow("alert", "silences")[1]
    assert (silence["rule"], silence["reason"]) == ("flux-muet", "x")
    assert shopnow("alert", "silences", "--end", str(silence["silence_no"])) == (0, [])
    assert shopnow("alert", "silences", "--end", str(silence["silence_no"]))[0] == 2
    assert shopnow("alert", "digest")[1]["alerts"] == 1
    assert shopnow("alert", "digest", "--send")[0] == 0
    assert "Bilan du" in tower.subjects[-1]
    assert shopnow("alert", "test") == (0, {"sms": True, "teams": True, "courriel": True})
    tower.mail.refusing = "451 4.3.0 essai"
    assert shopnow("alert", "test", "--channel", "courriel") == (1, {"courriel": False})
    channels = json.dumps(shopnow("alert", "channels")[1])
    assert tower.mail.password not in channels
    assert len(shopnow("alert", "rules")[1]) > 20
    code, found = shopnow("alert", "indicators")
    assert {one["indicator"] for one in found} >= {"availability_pct", "disk_used_pct"}
    assert "shopnow_alerts_firing" in {one["metric"] for one in shopnow("metrics", "show")[1]}
    [alert] = list_episodes(tower.conn)
    assert alert.acknowledged_by


def test_planned_work_by_commands(shopnow: Call) -> None:
    assert shopnow("job", "list") == (0, [])
    assert shopnow("job", "run", "load_waitin")[0] == 2
    code, done = shopnow("job", "run", "load_waiting")
    assert (code, done["said"]) == (0, "rien n'attendait")
    code, found = shopnow("job", "list")
    assert (code, [one["task"] for one in found]) == (0, ["load_waiting"])
    assert found[0]["status"] == "done"


def test_metrics_are_exported_without_a_warehouse(shopnow: Call, tmp_path: Path) -> None:
    code, made = shopnow("metrics", "export", "--out", str(tmp_path / "out"))
    assert code == 0
    assert sorted(Path(one).name for one in made["files"]) == [
        "shopnow.dashboard.json", "shopnow.rules.test.yml", "shopnow.rules.yml",
    ]  # fmt: skip
    assert all(Path(one).stat().st_size > 1000 for one in made["files"])


def test_the_journal_by_commands(shopnow: Call, tower: Tower) -> None:
    tower.happens("load_broken", times=3)
    tower.happens("answer_made", level="INFO", type_="fonctionnel")
    code, found = shopnow("journal", "list", "--since", "1h")
    assert (code, len(found)) == (1, 4)
    for words, count in (
        (("--level", "ERROR"), 3), (("--type", "fonctionnel"), 1), (("--code", "answer_made"), 1),
        (("--source", "essai"), 4), (("--seller", "7"), 0), (("--last", "2"), 2),
        (("--until", "2d"), 0),
    ):  # fmt: skip
        assert len(shopnow("journal", "list", *words)[1]) == count
    lines = shopnow("journal", "list", "--lines", "--last", "1")[1]
    assert lines["error_code"] == "answer_made"
    assert shopnow("journal", "codes", "delivery_held")[1][0]["runbook"] == (
        "approuver-ou-refuser-une-livraison"
    )
    assert shopnow("journal", "codes", "delivery_hled")[0] == 2
    assert shopnow("journal", "list", "--since", "yesterday")[0] == 2
