"""A real Chromium on the pages of the tiny marketplace."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from tests import marketplace
from tests.pages import add_seller, add_staff, serving

from shopnow.alerts import watch_once
from shopnow.kernel import RunningClock, connect
from shopnow.kernel.server import drop_database
from shopnow.security import settle_access

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from tests.pages import Site

    from shopnow.kernel import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the browser of the system."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(bazar_two: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give the pages of the marketplace after its second day, measured once."""
    settings = marketplace.copy_of(bazar_two, tmp_path_factory.mktemp("pages") / "home")
    clock = RunningClock(marketplace.NOON)
    settle_access(settings)
    add_staff(settings, clock)
    add_seller(settings, clock, "seller1", "S1")
    with connect(settings) as conn:
        watch_once(conn, settings, clock.now())
    with serving(settings, clock) as site:
        yield site
    drop_database(settings, settings.database)
