"""After the re-tie job the facts are the same whatever came first: statements or sales."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.history.timeline import (
    CUISINE,
    DECO,
    MAISON,
    customer,
    offer,
    open_market,
    product,
    sale,
    seller,
    visit,
)
from tests.warehouse_state import Row, differences, portable

from shopnow.kernel import connect
from shopnow.kernel.server import drop_database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.marketplace import Shipment

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration
# Which commission was charged depends on what was known at the load (DESIGN 3); a click names
# nobody whom no order has named before.
OUTSIDE = frozenset({"commission_amount", "customer_no"})
BUYER = {"id": "K", "country": "FR", "city": "Lyon"}


def shipments() -> list[Shipment]:
    """Statements and facts of three months, each dated by its own records."""
    return [
        seller("S", 1),
        seller("S", 5, commission="10"),
        product("S", "P", "2025-01-01", MAISON),
        product("S", "P", 3, CUISINE),
        product("S", "P", 5, DECO),
        customer("K", "2025-02-01", "BE"),
        customer("K", 4, "DE"),
        *(sale("S", "P", day, buyer=BUYER) for day in ("2025-01-20", 2, 6)),
        *(offer("S", "P", f"2025-{day}", day[-1]) for day in ("02-27", "03-04", "03-06")),
        visit("S", "P", 2),
        visit("S", "P", 6),
    ]


def test_facts_end_alike_in_any_order(
    test_server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told = shipments()
    orders = [told, told[::-1]]
    for seed in range(1):
        shuffled = list(told)
        random.Random(seed).shuffle(shuffled)  # noqa: S311 — an order, no secret
        orders.append(shuffled)
    folder = tmp_path_factory.mktemp("order")
    states = []
    with open_market(test_server, folder) as market:
        # Pseudonyms are the same where the keys are: all orders start from one warehouse.
        market.tell(sale("SEED", "P", 1, buyer=BUYER | {"id": "SEED"}), visit("SEED", "P", 1))
        for place, order in enumerate(orders):
            copy = marketplace.copy_of(market.settings, folder / f"home-{place}")
            states.append(_after(copy, order, folder / "outbox"))
            drop_database(test_server, copy.database)
    for state in states[1:]:
        assert state == states[0], differences(states[0], state)


def _after(settings: Settings, order: Sequence[Shipment], outbox: Path) -> dict[str, list[Row]]:
    for start in range(0, len(order), 5):
        marketplace.load(settings, order[start : start + 5], outbox)
    with connect(settings) as conn:
        left = conn.execute(
            "SELECT (SELECT count(*) FROM history.retie_due),"
            " (SELECT count(*) FROM history.retie_progress),"
            " (SELECT count(*) FROM history.click_unbound)"
        ).fetchone()
    assert left == (0, 0, 0)
    return portable(settings, ("dwh",), leave_out=OUTSIDE)
