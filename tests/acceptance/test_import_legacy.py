"""The former warehouse with the installed command, as the runbook says it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.acceptance.conftest import call, called_inside
from tests.former_warehouse import SNAPSHOT, Former, former_warehouse, write_csv
from tests.runbooks import play, runbook
from tests.warehouses import own_warehouse

from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = pytest.mark.acceptance


@pytest.fixture(scope="module")
def former() -> Former:
    return former_warehouse(customers=60, orders=100, visits=100)


@pytest.fixture(scope="module")
def home(outside: Path) -> Iterator[Path]:
    """Give the home of a warehouse that these tests share."""
    home = outside / "legacy-home"
    yield home
    call(home, "down")


@pytest.fixture(scope="module")
def export(former: Former, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(former, tmp_path_factory.mktemp("former") / "export")


def test_audit_import_and_comparison(
    home: Path, export: Path, former: Former, tmp_path: Path
) -> None:
    evidence = ("--evidence", str(tmp_path / "evidence"))
    looked = called_inside(home, "import-legacy", str(export), "--audit-only", *evidence)
    assert looked.returncode == 0, looked.stderr
    assert "lignes sans prix" in looked.stdout
    kept = json.loads((tmp_path / "evidence" / "legacy-audit.json").read_text("utf-8"))
    figures = {figure["name"]: figure["value"] for figure in kept["figures"]}
    assert figures["lines_repeated"] == len(former.repeated["fact_order"])

    done = called_inside(
        home, "import-legacy", str(export), "--snapshot-at", SNAPSHOT.isoformat(), "--audit",
        "--json", *evidence,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [receipt["verdict"] for receipt in told["receipts"]] == ["new"] * 4
    assert len(told["run"]["published"]) == 4
    assert {figure["name"]: figure["value"] for figure in told["figures"]} == figures

    compared = called_inside(home, "legacy", "compare", str(export), "--json", *evidence)
    assert compared.returncode == 0, compared.stdout
    verdicts = {one["query"]: one["verdict"] for one in json.loads(compared.stdout)["queries"]}
    assert len(verdicts) == 8
    assert (tmp_path / "evidence" / "legacy-queries.json").exists()

    again = called_inside(home, "import-legacy", str(export), "--snapshot-at", SNAPSHOT.isoformat())
    assert again.returncode == 0
    assert again.stdout.count("déjà reçu") == 4
    assert "aucune livraison n'attend" in again.stdout


def test_a_wrong_place_is_told_with_a_hint(home: Path, tmp_path: Path) -> None:
    empty = called_inside(home, "import-legacy", str(tmp_path))
    assert empty.returncode == 2
    assert "no file of dim_customer" in empty.stderr
    assert "HINT" in empty.stderr
    gone = called_inside(
        home, "import-legacy", "postgresql://nobody@127.0.0.1:1/none?password=hush"
    )
    assert gone.returncode == 3
    assert "hush" not in gone.stdout + gone.stderr


def test_the_runbook_does_what_it_says(test_server: Settings, export: Path, tmp_path: Path) -> None:
    with own_warehouse(test_server, tmp_path / "home", "runbook_former") as settings:
        played = play(
            runbook("importer-ancien-entrepot"),
            settings,
            tmp_path / "work",
            variables={"COPIE": str(export), "DATE_DE_LA_COPIE": SNAPSHOT.isoformat()},
        )
        with connect(settings, "shopnow_dpo") as conn:
            lines = conn.execute("SELECT count(*) FROM legacy.fact_order").fetchone()
    assert len(played) == 5
    assert "Ancien entrepôt : ce qui manque" in played[0].stdout
    assert played[2].stdout.count("déjà reçu") == 4
    assert "différent" not in played[3].stdout
    assert "journalisé" in played[4].stdout
    assert lines
    assert lines[0] > 0
    assert not (tmp_path / "work" / "clients.csv").exists()
