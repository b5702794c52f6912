"""The commands `journal watch`, `seal`, `verify` and `resume`, run as a person runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.runbooks import play, runbook

from shopnow.cli.base import run
from shopnow.journal import Event, record_event
from shopnow.kernel import Settings, connect

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.security]


def journal(settings: Settings, *words: str) -> int:
    return run([
        *("--home", str(settings.home), "--set", f"database={settings.database}"),
        *("--set", "server_sync=false", "--set", "server_archive=false"),
        "journal",
        *words,
    ])  # fmt: skip


def test_a_journal_that_was_touched_is_told_in_words_and_by_the_exit_code(
    warehouse: Settings, capsys: pytest.CaptureFixture[str], past: datetime
) -> None:
    with connect(warehouse) as connection:
        for word in ("one", "two"):
            record_event(connection, Event(past, "test", "technique", "INFO", word))
    assert journal(warehouse, "seal", "--json") == 0
    assert json.loads(capsys.readouterr().out)["events"] == 2
    assert journal(warehouse, "verify") == 0
    assert "Le journal est intact" in capsys.readouterr().out
    with connect(warehouse, None) as connection:
        connection.execute("UPDATE journal.event SET message = 'three' WHERE message = 'two'")
    assert journal(warehouse, "verify") == 1
    assert "événement modifié après scellement · minute du " in capsys.readouterr().out
    assert journal(warehouse, "verify", "--json") == 1
    facts = json.loads(capsys.readouterr().out)
    assert [finding["kind"] for finding in facts["findings"]] == ["event_changed"]


def test_after_a_restore_sealing_goes_on_once_it_is_noted(
    warehouse: Settings, capsys: pytest.CaptureFixture[str], past: datetime
) -> None:
    with connect(warehouse) as connection:
        record_event(connection, Event(past, "test", "technique", "INFO", "one"))
    assert journal(warehouse, "seal") == 0
    with connect(warehouse, None) as connection:
        connection.execute("DELETE FROM journal.event")
        connection.execute("DELETE FROM journal.seal")
    assert journal(warehouse, "seal") == 3
    assert "journal resume" in capsys.readouterr().err
    assert journal(warehouse, "resume", "--reason", "restored") == 0
    assert "faire avec --apply" in capsys.readouterr().out
    assert journal(warehouse, "verify") == 1
    assert journal(warehouse, "resume", "--reason", "restored", "--apply") == 0
    assert journal(warehouse, "verify") == 0


def test_a_pass_of_the_watch_says_what_it_read(
    warehouse: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert journal(warehouse, "watch", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["log"]["reachable"]
    assert facts["catalogue_first_seen"]
    assert journal(warehouse, "watch") == 0
    assert "droits et réglages : 0 changement" in capsys.readouterr().out


def test_the_runbook_leads_through_a_restore(
    warehouse: Settings, tmp_path: Path, past: datetime
) -> None:
    with connect(warehouse) as connection:
        record_event(connection, Event(past, "test", "technique", "INFO", "one"))
    page = runbook("verifier-le-journal")
    before = play(page, warehouse, tmp_path / "before", sections=["Diagnostic"])
    assert "Le journal est intact" in before[0].stdout
    with connect(warehouse, None) as connection:
        connection.execute("DELETE FROM journal.event WHERE message = 'one'")
        connection.execute("DELETE FROM journal.seal")
    after = play(
        page,
        warehouse,
        tmp_path / "after",
        sections=["Après une restauration", "Vérifier"],
        variables={"JOUR": "2026-03-01"},
    )
    assert "repris après le scellé 0" in after[0].stdout
    assert "Le journal est intact" in after[-1].stdout
