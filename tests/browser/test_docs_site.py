"""The documents' site, opened from the disk in a real browser, without any net."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docsite.build import build_site
from playwright.sync_api import expect

from shopnow.deliverables import code_documents, event_code_documents

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the built site; the models, which want a warehouse, stand for one page."""
    docs = tmp_path_factory.mktemp("site") / "docs"
    shutil.copytree(ROOT / "docs", docs, ignore=shutil.ignore_patterns("codes", "modele"))
    pages = {f"codes/{name}.md": text for name, text in code_documents().items()}
    pages |= {f"codes/journal/{name}.md": text for name, text in event_code_documents().items()}
    pages |= {"modele/attributs.md": "# Attributs\n", "modele/modeles.md": "# Modèles\n"}
    for name, text in pages.items():
        (docs / name).parent.mkdir(parents=True, exist_ok=True)
        (docs / name).write_text(text, "utf-8")
    return build_site(ROOT / "mkdocs.yml", docs, docs.with_name("site"))


def test_the_search_answers_when_the_site_is_opened_from_the_disk(
    browser: Browser, opened_site: Path
) -> None:
    page = browser.new_page()
    asked: list[str] = []
    trouble: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(f"{opened_site.as_uri()}/index.html")
    page.click(".md-search__button")
    field = page.get_by_role("combobox")
    field.press_sequentially("restaurer tout")
    first = page.get_by_role("option").first
    expect(first).to_contain_text("Restaurer tout l'entrepôt", timeout=20_000)
    assert field.input_value() == "restaurer tout"
    assert field.get_attribute("placeholder") == "Rechercher"
    assert trouble == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    page.close()
