"""What a restore does itself when it opens the warehouse is no alarm afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopnow.backup.restoring.opening import go_on_sealing
from shopnow.kernel import SystemClock, connect
from shopnow.kernel.server import renew_passwords
from shopnow.security import watch_catalogue

if TYPE_CHECKING:
    from shopnow.kernel import Settings

pytestmark = [pytest.mark.integration, pytest.mark.security]


def test_passwords_that_a_restore_sets_again_are_its_doing(warehouse: Settings) -> None:
    clock = SystemClock()
    with connect(warehouse) as watcher, connect(warehouse, None) as superuser:
        watch_catalogue(watcher, warehouse, clock.now())
        renewed = renew_passwords(superuser, warehouse)
        go_on_sealing(warehouse, clock, "essai", lambda _: None)
        assert watch_catalogue(watcher, warehouse, clock.now()).differences == ()
        told = watcher.execute(
            "SELECT level, count(*) FROM journal.event WHERE payload ->> 'kind' = 'password'"
            " GROUP BY level"
        ).fetchall()
    assert told == [("INFO", len(renewed))]
