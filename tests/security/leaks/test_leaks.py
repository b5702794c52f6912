"""Seller A attacks seller B with everything a login can do; nothing of B's is seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.security.leaks import relations, sessions, system  # noqa: F401  # they fill the suite
from tests.security.leaks.attack import PROBES, Attacker

from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import SystemClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.security.leaks.attack import Named
    from tests.security.leaks.world import World

pytestmark = [pytest.mark.integration, pytest.mark.security]


EVIDENCE = Path(__file__).parents[3] / "build" / "evidence" / "leak-suite.json"


@pytest.fixture(scope="module")
def asked() -> Iterator[dict[str, int]]:
    """Count the statements of each probe; when all of them ran, this is the evidence."""
    counts: dict[str, int] = {}
    yield counts
    if len(counts) < len(PROBES):
        return
    write_evidence(
        EVIDENCE,
        criterion="CAS-4",
        command="pytest tests/security/leaks/test_leaks.py",
        figures=[
            Measured("probes", len(PROBES), "sondes", "façons d'attaquer un autre vendeur"),
            Measured("statements", sum(counts.values()), "requêtes", "requêtes de l'attaquant"),
            Measured("leaks", 0, "fuites", "lignes ou valeurs d'un autre vendeur vues"),
        ],
        measured_at=SystemClock().now(),
        conditions={probe.name: f"{probe.tries} ({counts[probe.name]})" for probe in PROBES},
    )


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_nothing_of_another_seller_is_seen(
    world: World, probe: Named, asked: dict[str, int]
) -> None:
    with world.login(world.attacker) as connection:
        attacker = Attacker(connection, world)
        leaks = list(probe.run(attacker))
    assert leaks == []
    asked[probe.name] = attacker.asked


def test_calendar_and_categories_are_everybodys(world: World) -> None:
    # Once had a right and no policy: days and categories were empty in the views of sellers.
    with world.login(world.attacker) as connection:
        days = connection.execute("SELECT count(*) FROM dwh.dim_date").fetchone()
        named = connection.execute(
            "SELECT weekday_name_fr FROM seller.my_orders WHERE order_on = '2021-05-16'"
        ).fetchall()
    assert days is not None
    assert days[0] > 3_000
    assert named == [("dimanche",)]
