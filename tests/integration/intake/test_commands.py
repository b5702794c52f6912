"""The commands of fetching and answering, as an operator types them."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING

import pytest
import yaml
from tests import marketplace
from tests.integration.intake.conftest import FIELDS
from tests.rest_source import record

from shopnow.cli.base import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.intake.conftest import Desk

pytestmark = pytest.mark.acceptance


def call(desk: Desk, *words: str) -> int:
    return run(
        ["--home", str(desk.settings.home), "--set", f"database={desk.settings.database}",
         "--set", "server_sync=false", "--set", "server_archive=false", *words]
    )  # fmt: skip


def test_a_source_is_probed_fetched_and_answered(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drop, back = tmp_path / "in", tmp_path / "back"
    drop.mkdir()
    name = f"typed-{os.getpid()}"
    document = {
        "name": name, "sender": "S5", "system": "bazar", "feed": "products", "format": "ndjson",
        "file_pattern": "*.ndjson",
        "connector": {"kind": "files", "url": str(drop), "every": "1 d", "after": "move"},
        "answer": {"drop": str(back), "formats": ["csv"]},
        "records": {kind: {"fields": fields} for kind, fields in FIELDS.items()},
    }  # fmt: skip
    declared = tmp_path / "source.yaml"
    declared.write_text(yaml.safe_dump(document), "utf-8")
    file = drop / "articles.ndjson"
    file.write_text(record(40) + "\n" + record(41, price="offert") + "\n", "utf-8")
    os.utime(file, (marketplace.NOON.timestamp(),) * 2)
    assert call(desk, "source", "probe", str(declared)) == 0
    assert "articles.ndjson" in capsys.readouterr().out
    assert call(desk, "source", "activate", str(declared)) == 0
    capsys.readouterr()
    assert call(desk, "ingest", "--source", name, "--run", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert [one["verdict"] for one in facts["pulls"][0]["receipts"]] == ["new"]
    assert (drop / "recu" / "articles.ndjson").exists()
    assert call(desk, "delivery", "send") == 0
    assert [path.suffix for path in back.iterdir()] == [".csv"]
    capsys.readouterr()
    # Not due for a day; nothing new where it is asked for by name.
    assert call(desk, "ingest", "--due") == 0
    assert "Aucune source n'est à relever" in capsys.readouterr().out
    assert call(desk, "ingest", "--source", name) == 0
    assert "rien de nouveau" in capsys.readouterr().out
    drop.rename(tmp_path / "gone")
    assert call(desk, "ingest", "--source", name) == 3
    said = capsys.readouterr().err
    assert "dossier ou fichier introuvable" in said
    assert "HINT: Vérifiez `url:`" in said
    assert call(desk, "source", "suspend", name) == 0


@pytest.mark.parametrize("words", [
    ("ingest",), ("ingest", "--due", "--source", "x"), ("ingest", "--source", "bazar-offers"),
    ("ingest", "--source", "bazar-offers", "--mode", "full"), ("delivery", "send", "--again"),
    ("delivery", "send", "1"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused(desk: Desk, words: tuple[str, ...]) -> None:
    assert call(desk, *words) == 2


def test_a_secret_is_kept_closed(desk: Desk, capsys: pytest.CaptureFixture[str],
                                 monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    name = f"test-{os.getpid()}-typed"
    monkeypatch.setattr("sys.stdin", io.StringIO("un secret\n"))
    assert call(desk, "source", "secret", name) == 0
    path = desk.settings.home / "secrets" / f"source.{name}"
    assert path.read_text("utf-8") == "un secret\n"
    assert path.stat().st_mode & 0o077 == 0
    assert "un secret" not in capsys.readouterr().out
    assert call(desk, "source", "secret", "../pgpass") == 2
