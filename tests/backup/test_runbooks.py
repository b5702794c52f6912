"""The runbooks of backups and restores, played as an operator would."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

import pytest
from tests.backup.conftest import ask
from tests.runbooks import play, runbook

from shopnow.backup import (
    Kind,
    compared,
    drop_restore,
    held_by,
    restores,
    results_in,
    run_backup,
    shelf_of,
)
from shopnow.kernel import SystemClock

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.integration, pytest.mark.slow]

CLOCK = SystemClock()
ARCHIVED = {"SHOPNOW_SERVER_ARCHIVE": "true", "SHOPNOW_DATABASE": ""}


def test_backing_up_verifying_pruning_and_copying(shop: Settings, tmp_path: Path) -> None:
    support = tmp_path / "support"
    support.mkdir()
    variables = ARCHIVED | {"SUPPORT": str(support)}
    play(runbook("sauvegarder"), shop, tmp_path / "work", variables=variables)
    assert (support / "backup.key").is_file()
    assert list((support / "copie").rglob("*.sealed"))


def test_going_back_to_a_moment_and_back_again(shop: Settings, tmp_path: Path) -> None:
    before = ask(shop, "SELECT count(*) FROM dwh.fact_order")
    (moment,) = ask(shop, "SELECT clock_timestamp()")[0]
    ask(shop, "DELETE FROM dwh.fact_order")
    variables = ARCHIVED | {"MOMENT": moment.astimezone(UTC).isoformat()}
    page, folder = runbook("restaurer-tout"), tmp_path / "work"
    sections = ["Diagnostic", "Revenir à un moment", "Vérifier"]
    play(page, shop, folder, sections=sections, variables=variables)
    assert ask(shop, "SELECT count(*) FROM dwh.fact_order") == before
    name = json.loads((folder / "restauree.json").read_text())["name"]
    play(
        page, shop, folder, sections=["Revenir en arrière"], variables=ARCHIVED | {"NOM": name}
    )  # the wrong one again, then nothing is left beside
    assert restores(shop) == {}
    assert ask(shop, "SELECT count(*) FROM dwh.fact_order") == [(0,)]
    play(page, shop, tmp_path / "again", sections=["Revenir à un moment"], variables=variables)
    assert ask(shop, "SELECT count(*) FROM dwh.fact_order") == before
    for left in restores(shop):
        drop_restore(shop, CLOCK, left)


def test_going_on_to_the_end_of_the_log(shop: Settings, tmp_path: Path) -> None:
    before = held_by(shop).tables["dwh.fact_order"]
    sections = ["Données détruites : reprendre jusqu'à la fin"]
    play(runbook("restaurer-tout"), shop, tmp_path, sections=sections, variables=ARCHIVED)
    assert held_by(shop).tables["dwh.fact_order"] == before
    for left in restores(shop):
        drop_restore(shop, CLOCK, left)


def test_giving_back_each_kind_of_part(shop: Settings, tmp_path: Path) -> None:
    for kind in (Kind.FULL, Kind.PARTIAL):
        run_backup(shop, CLOCK, kind)
    before = held_by(shop)
    ((seller, seller_no),) = ask(
        shop,
        "SELECT i.seller_id, i.seller_no FROM security.seller_identifier AS i"
        " JOIN dwh.fact_order AS f USING (seller_no) WHERE f.seller_no > 0 LIMIT 1",
    )
    damage = {
        "Une table": "DROP TABLE dwh.fact_payment CASCADE",
        "Une partition": "DROP TABLE dwh.fact_order_2025q1",
        "Un mart": "DROP TABLE mart.stock_daily CASCADE",
        "Un schéma": "DROP SCHEMA mart CASCADE",
        "Un vendeur": f"UPDATE dwh.fact_order SET quantity = 77 WHERE seller_no = {seller_no}",  # noqa: S608
    }
    variables = ARCHIVED | {
        "TABLE": "dwh.fact_payment",
        "PARTITION": "dwh.fact_order_2025q1",
        "MART": "stock_daily",
        "SCHEMA": "mart",
        "VENDEUR": seller,
    }
    page = runbook("restaurer-une-partie")
    for section, statement in damage.items():
        ask(shop, statement)
        play(page, shop, tmp_path / "work", sections=[section], variables=variables)
        assert compared(before, held_by(shop)).same, section
    play(page, shop, tmp_path / "work", sections=["Diagnostic", "Vérifier"], variables=variables)


def test_the_drill_and_its_alarm(shop: Settings, tmp_path: Path) -> None:
    for kind in (Kind.FULL, Kind.INCREMENTAL):
        run_backup(shop, CLOCK, kind)
    play(runbook("exercice-de-restauration"), shop, tmp_path, variables=ARCHIVED)
    assert all(result.good for result in results_in(shelf_of(shop).drills)[-8:])
