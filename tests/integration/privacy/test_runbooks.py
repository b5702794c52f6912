"""The privacy officer's runbooks do what they say."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.runbooks import play, runbook

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings


def test_droit_a_l_oubli(second_day: Settings, tmp_path: Path) -> None:
    page = runbook("droit-a-l-oubli")
    played = play(page, second_day, tmp_path / "work", variables={"ADRESSE": "client0@bazar.test"})
    said: dict[str, str] = {}
    for block in played:
        heading = block.block.headings[-1]
        said[heading] = said.get(heading, "") + block.stdout
    assert "1 personne à effacer : client" in said["Lire le plan"]
    assert "Effacement exécuté, inscrit au registre chaîné" in " ".join(said["Effacer"].split())
    assert "personnes effacées maintenant : 0" in " ".join(said["Effacer"].split())
    assert "Aucune valeur personnelle en clair" in said["Vérifier"]
    assert "L'histoire est saine" in said["Vérifier"]


def test_demande_d_acces(second_day: Settings, tmp_path: Path) -> None:
    page = runbook("demande-d-acces")
    variables = {
        "ADRESSE": "client0@bazar.test", "MOTIF": "demande 2026-17",
        "DOSSIER": str(tmp_path / "answer"),
    }  # fmt: skip
    played = play(page, second_day, tmp_path / "work", variables=variables)
    said = "".join(block.stdout for block in played)
    assert "demande 2026-17" in said
    assert "client0@" not in said
    assert "access" in said


def test_tourner_les_cles(second_day: Settings, tmp_path: Path) -> None:
    # The tests' homes share the server's secrets; a key that is turned needs a folder of its own.
    shared = second_day.home / "secrets"
    own = shared.resolve()
    shared.unlink()
    shutil.copytree(own, shared)
    page = runbook("tourner-les-cles")
    played = play(page, second_day, tmp_path / "work")
    said = "".join(block.stdout for block in played)
    assert "clés enveloppées à nouveau" in said
    assert "clé maîtresse tournée" in said
