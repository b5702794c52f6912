"""The drill: a good chain passes, every sabotage is noticed, nothing live changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from shopnow.backup import (
    Kind,
    Sabotage,
    backup_state,
    held_by,
    restores,
    results_in,
    run_backup,
    shelf_of,
)
from shopnow.kernel import SystemClock
from shopnow.pipeline import drill_warehouse

if TYPE_CHECKING:
    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

CLOCK = SystemClock()
# These get as far as unpacking before they are noticed.
LONG = {Sabotage.FLIPPED_PAGE, Sabotage.FULL_DISK}


def test_a_drill_restores_judges_and_measures_without_touching_the_live_warehouse(
    shop: Settings,
) -> None:
    run_backup(shop, CLOCK, Kind.INCREMENTAL)
    before = held_by(shop)
    ledgers = sorted((shop.home / "ledgers").glob("*"))
    kept = [path.read_bytes() for path in ledgers]
    result = drill_warehouse(shop, CLOCK)
    assert result.findings == ()
    assert result.good
    assert result.rto_seconds
    assert result.rpo_seconds is not None
    assert result.rows
    assert held_by(shop) == before
    assert [path.read_bytes() for path in ledgers] == kept
    assert restores(shop) == {}
    state = backup_state(shop, CLOCK)
    assert state.last_drill == result
    assert json.loads((shelf_of(shop).drills / f"{result.id}.json").read_text())["good"] is True


@pytest.mark.slow
def test_an_older_backup_gives_back_exactly_what_its_own_mark_says(shop: Settings) -> None:
    result = drill_warehouse(shop, CLOCK, older=True)
    assert result.findings == ()
    assert result.good


@pytest.mark.parametrize(
    "how",
    [pytest.param(how, marks=pytest.mark.slow if how in LONG else ()) for how in Sabotage],
)
def test_a_sabotaged_chain_is_noticed(shop: Settings, how: Sabotage) -> None:
    run_backup(shop, CLOCK, Kind.INCREMENTAL)
    last = backup_state(shop, CLOCK).last_drill
    result = drill_warehouse(shop, CLOCK, sabotage=how)
    assert result.good, result
    assert result.noticed_as
    # The alarm was tried, not the backups: the indicator of the last drill is what it was.
    assert backup_state(shop, CLOCK).last_drill == last
    assert results_in(shelf_of(shop).drills)[-1].sabotage == how
