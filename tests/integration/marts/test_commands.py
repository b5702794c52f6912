"""The commands `mart` and `docs`, run as a person runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from shopnow.cli.base import run
from shopnow.kernel import Settings, load_settings
from shopnow.marts import load_marts
from shopnow.quality import RULE_CODES

pytestmark = pytest.mark.integration


def test_mart_list_says_owner_freshness_and_rows(
    warehouse: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*at(warehouse), "mart", "list", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert {fact["mart"] for fact in facts} == {mart.name for mart in load_marts(warehouse)}
    assert all(fact["owner"] and fact["freshness_seconds"] > 0 for fact in facts)
    assert {fact["rows"] for fact in facts} == {0}
    assert run([*at(warehouse), "mart", "list"]) == 0
    assert "never" in capsys.readouterr().out


def test_mart_refresh_builds_what_is_named(
    warehouse: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*at(warehouse), "mart", "refresh", "stock_daily", "--json"]) == 0
    assert [fact["name"] for fact in json.loads(capsys.readouterr().out)] == ["stock_daily"]
    assert run([*at(warehouse), "mart", "refresh", "stok_daily"]) == 2
    assert "stock_daily" in capsys.readouterr().err


def test_mart_add_drafts_files_that_load(
    tmp_path: Path, warehouse: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {name: tmp_path / name for name in ("marts", "migrations")}
    shutil.copytree(warehouse.marts_dir, places["marts"])
    shutil.copytree(warehouse.migrations_dir, places["migrations"])
    words = [
        *("--set", f"marts_dir={places['marts']}"),
        *("--set", f"migrations_dir={places['migrations']}"),
        *("mart", "add", "seller_returns", "--tests", str(tmp_path / "tests"), "--json"),
    ]
    assert run(words) == 0
    files = json.loads(capsys.readouterr().out)["files"]
    assert all(Path(name).is_file() for name in files)
    marts = load_marts(load_settings({"marts_dir": str(places["marts"])}))
    assert "seller_returns" in {mart.name for mart in marts}
    assert run(words) == 2


def test_docs_are_written_once_and_then_current(
    tmp_path: Path, warehouse: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "docs" / "schema.md"
    models = tmp_path / "modele"
    codes = tmp_path / "codes"
    words = [*at(warehouse), "docs", "--output", str(target), "--models", str(models),
             "--codes", str(codes)]  # fmt: skip
    assert run([*words, "--check"]) == 1
    assert not target.exists()
    assert not models.exists()
    assert run(words) == 0
    assert {path.suffix for path in models.iterdir()} == {".md", ".svg"}
    assert {path.stem for path in codes.iterdir()} == {*RULE_CODES, "index", "journal"}
    assert run([*words, "--check"]) == 0
    assert "is current" in capsys.readouterr().out
    assert "### dwh.fact_order\n" in target.read_text(encoding="utf-8")


def at(settings: Settings) -> tuple[str, ...]:
    return (
        *("--home", str(settings.home)),
        *("--set", f"database={settings.database}"),
        *("--set", "server_sync=false"),
        *("--set", "server_archive=false"),
    )
