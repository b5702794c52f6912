"""The one `site` of tests of the pages: the tiny marketplace with accounts, measured and served."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.pages import add_seller, add_staff, serving

from shopnow.alerts import watch_once
from shopnow.kernel import RunningClock, connect
from shopnow.kernel.server import drop_database
from shopnow.security import settle_access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.pages import Site

    from shopnow.kernel import Settings


@pytest.fixture(scope="session")
def site(bazar_two: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give the pages after the second day: an account a role of the staff, and two sellers."""
    settings = marketplace.copy_of(bazar_two, tmp_path_factory.mktemp("pages") / "home")
    clock = RunningClock(marketplace.NOON)
    settle_access(settings)
    add_staff(settings, clock)
    for number in (1, 2):
        add_seller(settings, clock, f"seller{number}", f"S{number}")
    with connect(settings) as conn:
        watch_once(conn, settings, clock.now())
    with serving(settings, clock) as site:
        yield site
    drop_database(settings, settings.database)
