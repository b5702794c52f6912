"""The runbooks about history do what they say, command by command, on a real warehouse."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.integration.history.conftest import FIRST, products, sellers
from tests.runbooks import play, runbook

from shopnow.kernel import connect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.history.conftest import Chronicle

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration


def test_correcting_after_the_fact(own_chronicle: Chronicle, tmp_path: Path) -> None:
    settings = own_chronicle.settings
    own_chronicle.load(
        FIRST,
        sellers("S1;Nom;;FR;Lyon;active;15;mode;2025-02-01"),
        products("S1,P1,Titre,Fer,,Maison,active,2025-02-01T08:00:00Z"),
    )
    own_chronicle.load(
        FIRST + timedelta(hours=1), sellers("S1;Nom;;FR;Lyon;suspended;15;mode;2025-02-10")
    )
    correction = tmp_path / "sellers-correction.csv"
    correction.write_bytes(sellers("S1;Nom;;FR;Lyon;active;12;mode;2025-02-02").content)
    played = play(
        runbook("corriger-retroactivement"),
        settings,
        tmp_path / "work",
        variables={
            "MEMBRE": "S1",
            "DATE": "2025-02-05",
            "SOURCE": "bazar-sellers",
            "FICHIER": str(correction),
        },
    )
    under = {block.block.headings[-1]: block.stdout for block in played}
    assert "Commission (%)\u00a0: 15" in played[1].stdout
    assert "Commission (%)\u00a0: 12" in played[4].stdout
    assert "appris après coup" in played[4].stdout
    assert "Commission (%)\u00a0: 15" in played[5].stdout
    assert "L'histoire est saine" in under["Vérifier"]


def test_rebuilding_a_dimension(second_day: Settings, tmp_path: Path) -> None:
    with connect(second_day, "shopnow_owner") as conn:
        conn.execute("UPDATE dwh.dim_seller SET city = 'Nulle part' WHERE seller_id = 'S1'")
    played = play(
        runbook("reconstruire-une-dimension"),
        second_day,
        tmp_path / "work",
        variables={"MEMBRE": "S1"},
    )
    assert "une version dit autre chose que le journal" in played[0].stdout
    assert "à réécrire" in played[2].stdout
    assert "Reconstruit" in played[3].stdout
    assert "Rien à reconstruire" in played[-1].stdout
    assert "L'histoire est saine" in played[-1].stdout
    with connect(second_day) as conn:
        cities = conn.execute(
            "SELECT count(*) FROM dwh.dim_seller WHERE city = 'Nulle part'"
        ).fetchone()
    assert cities == (0,)
