"""When a page is first painted: Chromium, signed in as each role, every page of its menu."""

from __future__ import annotations

import shutil
from statistics import median
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

from benchmarks.crowd import HABITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

_TURNS: Final = 5
_QUIET: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
_PAINT: Final = """() => {
  const found = performance.getEntriesByName('first-contentful-paint')[0];
  return found ? found.startTime : null;
}"""


def painted(address: str, logins: Sequence[tuple[str, str]], password: str) -> dict[str, float]:
    """Milliseconds from the click to the first paint, by role and page: the median of several.

    Nothing where there is no Chromium.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        return {}
    first = {role: login for login, role in reversed(logins)}
    found = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(_QUIET))
        for role, login in first.items():
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.goto(f"{address}/connexion")
            page.fill("input[name=login]", login)
            page.fill("input[name=password]", password)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda url: not url.endswith("/connexion"))
            for path in HABITS[role][1]:
                found[f"{role} {path}"] = median(
                    _paint(page, address + path) for _ in range(_TURNS)
                )
            context.close()
        browser.close()
    return found


def _paint(page: Page, url: str) -> float:
    page.goto(url, wait_until="load")
    page.wait_for_function(_PAINT)
    return float(page.evaluate(_PAINT))
