"""The runbook « Approuver ou refuser une livraison retenue », executed as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.history.shop import Shop
from tests.runbooks import play, runbook

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = pytest.mark.acceptance
PAGE = runbook("approuver-ou-refuser-une-livraison")


@pytest.fixture
def shop(first_day: Settings, tmp_path: Path) -> Shop:
    return Shop(first_day, tmp_path / "out")


def held(shop: Shop) -> str:
    """Hold a full delivery that lacks everything; give its number."""
    everything = [f"S1,M{n:03d},Title,active" for n in range(25)]
    shop.takes("list", *everything, day=1)
    key = shop.receives("list", "S1,M000,Title,active", day=3).delivery_key
    assert list(shop.runs().held) == [key]
    return str(key)


@pytest.mark.parametrize(("decision", "state", "versions"), [
    ("Approuver", "published", "active[1,3) deleted[3,∞)"),
    ("Refuser", "refused", "active[1,∞)"),
])  # fmt: skip
def test_the_runbook(shop: Shop, tmp_path: Path, decision: str, state: str, versions: str) -> None:
    key = held(shop)
    sections = ["Diagnostic", decision, "Vérifier"]
    played = play(
        PAGE, shop.settings, tmp_path / "desk", sections=sections, variables={"LIVRAISON": key}
    )
    told = "".join(one.stdout for one in played)
    assert "sans 24 des 25 produits" in told
    assert "Rien n'est fait." in told
    assert shop.counts(int(key))["state"] == state
    assert shop.product("S1", "M001") == versions
    decided = shop.ask("SELECT decision, question FROM staging.delivery_decision")
    assert [row["decision"] for row in decided] == [state.replace("published", "approved")]
    assert "sans 24 des 25 produits" in decided[0]["question"]
