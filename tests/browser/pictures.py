"""`make pictures`, or `python -m tests.browser.pictures HOME`: the pictures of the README.

Plays a demo in HOME, takes its pages in Chromium and closes them again.  With the address of pages
that are open, these are taken.  A picture of more than 150 kB ends the command with 1.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from playwright.sync_api import sync_playwright
from tests.browser.conftest import CHROMIUM

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"
MOST_BYTES: Final = 150_000


@dataclass(frozen=True)
class Picture:
    """One picture: whose page, in which light, on a screen of which size."""

    name: str
    login: str
    path: str
    light: Literal["light", "dark"] = "light"
    width: int = 1200
    height: int = 760


PICTURES: Final = (
    Picture("supervision-clair", "exploitant", "/supervision"),
    Picture("supervision-sombre", "exploitant", "/supervision", light="dark"),
    Picture("supervision-telephone", "exploitant", "/supervision", width=390, height=860),
    Picture("execution", "exploitant", "/executions/1", height=620),
    Picture("vendeur", "exploitant", "/vendeurs/1", height=860),
    Picture("boutique", "s003", "/ma-boutique", height=760),
)


def play(home: Path) -> None:
    """Play a demo and take its pages."""
    shopnow = [str(Path(sys.executable).with_name("shopnow")), "--home", str(home)]
    told = subprocess.run([*shopnow, "demo", "--json"], check=True, stdout=subprocess.PIPE)
    try:
        take(home, json.loads(told.stdout)["pages"])
    finally:
        subprocess.run([*shopnow, "down"], check=True)


def take(home: Path, address: str) -> None:
    """Take the pictures; ends the process when one is too big."""
    accounts = dict(
        line.split("\t")
        for line in (home / "secrets" / "demo-accounts.txt").read_text("utf-8").splitlines()
    )
    IMAGES.mkdir(parents=True, exist_ok=True)
    too_big = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for picture in PICTURES:
            shot = _taken(browser, picture, address, accounts[picture.login])
            (IMAGES / f"{picture.name}.png").write_bytes(shot)
            if len(shot) > MOST_BYTES:
                too_big.append(f"{picture.name}: {len(shot):,} bytes")
        browser.close()
    if too_big:
        sys.exit(f"more than {MOST_BYTES:,} bytes: {', '.join(too_big)}")


def _taken(browser: Browser, picture: Picture, address: str, password: str) -> bytes:
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height}, color_scheme=picture.light
    )
    page = context.new_page()
    page.goto(f"{address}/connexion")
    page.fill("input[name=login]", picture.login)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "connexion" not in url)
    page.goto(address + picture.path, wait_until="networkidle")
    shot = page.screenshot()
    context.close()
    return shot


if __name__ == "__main__":
    if sys.argv[2:]:
        take(Path(sys.argv[1]), sys.argv[2])
    else:
        play(Path(sys.argv[1]))
