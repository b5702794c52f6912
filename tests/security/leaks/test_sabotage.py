"""A suite that cannot turn red proves nothing: each wall is taken down, and it is noticed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.security.leaks.sabotage import counted, sabotages, standing, try_one
from tests.security.leaks.structure import structure

from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import SystemClock, connect

if TYPE_CHECKING:
    from tests.security.leaks.world import World

pytestmark = [pytest.mark.integration, pytest.mark.security]
EVIDENCE = Path(__file__).parents[3] / "build" / "evidence" / "sabotage-of-isolation.json"


def test_the_walls_stand_before_anybody_touches_them(world: World) -> None:
    with connect(world.settings, None) as connection:
        assert list(structure(connection)) == []


def test_one_wall_of_each_kind_is_missed(world: World) -> None:
    with connect(world.settings, None) as connection:
        before = standing(connection, world)
        found = sabotages(connection, world)
        first = {(one.kind, one.felt): one for one in reversed(found)}.values()
        done = [try_one(connection, world, one, before) for one in first]
    assert [one.sabotage for one in done if one.by is None] == []
    unfelt = [one.sabotage for one in done if one.sabotage.felt and one.by != "felt by a seller"]
    assert unfelt == []


@pytest.mark.slow
def test_every_wall_is_missed(world: World) -> None:
    with connect(world.settings, None) as connection:
        before = standing(connection, world)
        found = sabotages(connection, world)
        done = [try_one(connection, world, one, before) for one in found]
    assert [one.sabotage for one in done if one.by is None] == []
    unfelt = [one.sabotage for one in done if one.sabotage.felt and one.by != "felt by a seller"]
    assert unfelt == []
    figures = [
        Measured(f"{kind}: {by}", count, "murs", f"{kind} : {by}")
        for kind, counts in counted(done).items()
        for by, count in counts.items()
    ]
    figures.append(Measured("walls taken down", len(done), "murs", "murs abattus un à un"))
    figures.append(Measured("walls not missed", 0, "murs", "murs dont la chute passe inaperçue"))
    write_evidence(
        EVIDENCE,
        criterion="CAS-4",
        command="pytest -m slow tests/security/leaks/test_sabotage.py",
        figures=figures,
        measured_at=SystemClock().now(),
        conditions={"processors": str(os.cpu_count())},
    )
