"""Every page as every role that has it: in Chromium, light and dark, wide and narrow, by keyboard.

Accessibility is checked by axe (WCAG 2.1 A and AA, best practices); screenshots stay in build/.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.pages import PASSWORD

from shopnow.security import STAFF_ROLES, Person
from shopnow.web.people import menu_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, ViewportSize
    from tests.pages import Site

pytestmark = pytest.mark.browser
LOGINS = [*STAFF_ROLES, "seller1"]
SHOTS = Path("build") / "screenshots"
# A page of one thing a role, beside those of the menu.
MORE = {
    "operator": (
        "/livraisons/1",
        "/vendeurs/1",
        "/executions/1",
        "/tickets/1",
        "/calculs",
        "/procedures",
        "/procedures/flux-muet",
        "/equipe",
        "/x",
    ),
    "engineer": ("/historique?membre=S1", "/historique?membre=nobody"),
    "seller1": (),
}
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}


@contextmanager
def inside(
    browser: Browser, site: Site, login: str, *, light: Literal["light", "dark"] = "light",
    wide: bool = True, script: bool = True,
) -> Iterator[Page]:  # fmt: skip
    context = browser.new_context(
        viewport=WIDE if wide else NARROW, color_scheme=light, java_script_enabled=script
    )
    page = context.new_page()
    page.goto(f"{site.address}/")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    yield page
    context.close()


def _paths(login: str) -> list[str]:
    role = STAFF_ROLES.get(login, "of a seller")
    return [entry.path for entry in menu_of(Person(login, role, "", ""))] + [*MORE.get(login, ())]


def _violations(page: Page) -> list[str]:
    found = Axe().run(page)
    return [
        f"{one['id']}: {[node['html'][:120] for node in one['nodes']][:3]}"
        for one in found.response["violations"]
    ]


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("login", LOGINS)
def test_pages_are_accessible_and_silent(
    browser: Browser, site: Site, login: str, light: Literal["light", "dark"]
) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    said: list[str] = []
    wrong: dict[str, list[str]] = {}
    with inside(browser, site, login, light=light) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for path in _paths(login):
            page.goto(site.address + path)
            if found := _violations(page):
                wrong[path] = found
            name = path.strip("/").replace("/", "-").partition("?")[0]
            page.screenshot(path=SHOTS / f"{name}-{login}-{light}.png", full_page=True)
    assert wrong == {}
    # What a page that is not there, or a name that nobody has, says is meant.
    assert [text for text in said if "404" not in text] == []


@pytest.mark.parametrize("login", ["operator", "seller1", "dpo"])
def test_nothing_is_cut_off_on_a_telephone(browser: Browser, site: Site, login: str) -> None:
    with inside(browser, site, login, wide=False) as page:
        for path in _paths(login):
            page.goto(site.address + path)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= NARROW["width"], path
            assert _violations(page) == []
            name = path.strip("/").replace("/", "-").partition("?")[0]
            page.screenshot(path=SHOTS / f"{name}-{login}-phone.png", full_page=True)


def test_a_ticket_is_opened_and_taken_without_javascript(browser: Browser, site: Site) -> None:
    with inside(browser, site, "operator", script=False) as page:
        page.goto(f"{site.address}/tickets")
        page.fill("input[name=titre]", "Un titre d'essai")
        page.click("button:has-text('Ouvrir')")
        assert "Un titre d'essai" in page.inner_text("main")
        page.click("button:has-text('Prendre en charge')")
        assert "en cours" in page.inner_text("main")
        page.fill("input[name=commentaire]", "fait")
        page.click("button:has-text('Résoudre')")
        assert "résolu" in page.inner_text("main")


def test_a_page_is_walked_by_keyboard(browser: Browser, site: Site) -> None:
    with inside(browser, site, "operator") as page:
        page.goto(f"{site.address}/livraisons")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "contenu"
        reached = set()
        for _ in range(40):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.tagName"))
        assert {"A", "INPUT", "SELECT", "BUTTON"} <= reached


def test_the_live_part_follows_without_a_reload(browser: Browser, site: Site) -> None:
    with inside(browser, site, "operator") as page:
        page.clock.install()
        page.goto(f"{site.address}/tickets")
        page.evaluate("document.getElementById('liste').innerHTML = 'périmé'")
        page.clock.run_for(16_000)
        # Asked from outside: the page's own timers stand still.
        for _ in range(100):
            if "périmé" not in page.inner_text("#liste"):
                return
            time.sleep(0.1)
        pytest.fail("the live part did not follow")
