"""The runbooks about accesses do what they say, command by command, on a real warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.runbooks import play, runbook
from tests.security.access.conftest import CLOCK, own_warehouse, withdraw_all

from shopnow.kernel import connect
from shopnow.security import apply_grants, plan_seller, read_ledger, suspend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.integration, pytest.mark.security]


@pytest.fixture
def office(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Give a warehouse with two registered sellers that have a first version."""
    for settings in own_warehouse(test_server, tmp_path_factory.mktemp("office")):
        with connect(settings, "shopnow_owner") as connection, connection.transaction():
            for number, name in ((1, "S001"), (2, "S002")):
                values = {"number": number, "name": name}
                connection.execute(
                    "INSERT INTO security.seller (seller_no, opened_on)"
                    " VALUES (%(number)s, '2025-01-01')",
                    values,
                )
                connection.execute(
                    "INSERT INTO security.seller_identifier (source, seller_id, valid_from,"
                    " seller_no) VALUES ('olist', %(name)s, '1900-01-01', %(number)s)",
                    values,
                )
                connection.execute(
                    "INSERT INTO dwh.dim_seller (seller_no, seller_id, seller_name, status,"
                    " valid_from, valid_to, is_current, version, known_from, delivery_key,"
                    " record_no, source_line) VALUES (%(number)s, %(name)s, 'Essai', 'active',"
                    " '2025-01-01', '9999-12-31 00:00+00', TRUE, 1, '2025-01-01', 0, 0, 0)",
                    values,
                )
        yield settings
        withdraw_all(settings)


def test_adding_and_withdrawing(office: Settings, tmp_path: Path) -> None:
    words = {
        "VENDEUR": "S001", "AUTRE": "S002", "ACCES": "compta", "GROUPE": "groupe",
        "PERSONNE": "essai.personne",
    }  # fmt: skip
    played = play(runbook("ajouter-un-acces"), office, tmp_path / "add", variables=words)
    under = {block.block.headings[-1]: block.stdout for block in played}
    assert "mot de passe" in under["Donner un accès à un vendeur"]
    assert "aucun écart" in under["Vérifier"]
    opened = {one.label for one in read_ledger(office, CLOCK).values() if one.is_open}
    assert opened == {"compta", "groupe", "essai.personne"}
    played = play(runbook("retirer-un-acces"), office, tmp_path / "end", variables=words)
    under = {block.block.headings[-1]: block.stdout for block in played}
    assert "aucun écart" in under["Vérifier"]
    left = [one for one in read_ledger(office, CLOCK).values() if one.is_open]
    assert {(one.label, one.sellers) for one in left} == {
        ("groupe", (2,)),
        ("essai.personne", ()),
    }


def test_reviewing(office: Settings, tmp_path: Path) -> None:
    plans = [
        plan_seller(office, CLOCK, ["S001"], login=name) for name in ("parti", "arrete", "reste")
    ]
    apply_grants(office, CLOCK, plans)
    suspend(office, CLOCK, ["arrete", "parti"])
    words = {"PARTI": "parti", "SUSPENDU": "arrete"}
    played = play(runbook("revue-des-acces"), office, tmp_path / "review", variables=words)
    under = {block.block.headings[-1]: block.stdout for block in played}
    assert "suspendu : le rétablir, ou le retirer ?" in played[1].stdout
    assert "Aucune question" in under["Vérifier"]
    reviewed = {one.label for one in read_ledger(office, CLOCK).values() if one.reviewed_at}
    assert reviewed == {"arrete", "reste"}
