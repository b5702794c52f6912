"""The documents as a site: it is built, every link of it leads somewhere, nothing is fetched."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docsite.build import BuildFailedError, build_site
from docsite.links import faults

from shopnow.cli.base import run

if TYPE_CHECKING:
    from shopnow.kernel import Settings

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "mkdocs.yml"


@pytest.fixture(scope="module")
def documents(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the documents, those of the catalogue and of the codes made anew."""
    docs = tmp_path_factory.mktemp("site") / "docs"
    committed = shutil.ignore_patterns("codes", "modele")
    shutil.copytree(ROOT / "docs", docs, ignore=committed)
    made = ("--output", docs / "schema.md", "--models", docs / "modele", "--codes", docs / "codes")
    quick = ("--set", "server_sync=false", "--set", "server_archive=false")
    assert run(["--home", str(test_server.home), *quick, "docs", *map(str, made), "--json"]) == 0
    return docs


@pytest.fixture(scope="module")
def site(documents: Path) -> Path:
    """Give the built site."""
    return build_site(CONFIG, documents, documents.with_name("site"))


def test_every_link_leads_somewhere_and_every_page_is_reached(site: Path) -> None:
    assert faults(site) == []


def test_every_document_is_a_page(site: Path, documents: Path) -> None:
    written = {path.relative_to(documents).with_suffix(".html") for path in documents.rglob("*.md")}
    built = {path.relative_to(site) for path in site.rglob("*.html")}
    assert written - built == {Path("schema.html")}, "cut into a page a schema"
    assert {Path("schema/dwh.html"), Path("commandes.html"), Path("decisions/index.html")} <= built


def test_the_indexes_name_what_there_is(site: Path, documents: Path) -> None:
    runbooks = (site / "exploitation" / "index.html").read_text("utf-8")
    decisions = (site / "decisions" / "index.html").read_text("utf-8")
    for path in (documents / "exploitation").glob("*.md"):
        assert f'href="{path.stem}.html"' in runbooks
    for path in (documents / "decisions").glob("*.md"):
        assert f'href="{path.stem}.html"' in decisions
    assert decisions.count("<td>acceptée</td>") > 30


def test_the_site_is_french_and_its_search_finds_without_the_net(site: Path) -> None:
    assert '<html lang="fr"' in (site / "index.html").read_text("utf-8")
    index = json.loads((site / "search.json").read_text("utf-8"))
    assert index["config"]["lang"] == ["fr"]
    found = {one["location"].partition("#")[0] for one in index["items"]
             if "droit à l'oubli" in one["title"].lower()}  # fmt: skip
    assert "exploitation/droit-a-l-oubli.html" in found
    assert "unpkg.com" not in (site / "index.html").read_text("utf-8")


def test_a_link_to_a_page_that_is_not_there_stops_the_build(documents: Path) -> None:
    broken = _copy(documents, "broken")
    page = broken / "exploitation" / "incident-p1.md"
    page.write_text(f"{page.read_text('utf-8')}\n[plus](nulle-part.md)\n", "utf-8")
    with pytest.raises(BuildFailedError, match="page does not exist"):
        build_site(CONFIG, broken, broken.with_name("broken-site"))


def test_what_is_absent_foreign_or_lost_is_found_and_a_new_runbook_is_not(documents: Path) -> None:
    broken = _copy(documents, "lost")
    page = broken / "qualite" / "score.md"
    more = "\n![dessin](absent.svg) ![ailleurs](https://exemple.test/pixel.png)\n"
    page.write_text(page.read_text("utf-8") + more, "utf-8")
    (broken / "qualite" / "seule.md").write_text("# Seule\n\nPersonne n'y mène.\n", "utf-8")
    new = broken / "exploitation" / "toute-neuve.md"
    new.write_text("# Toute neuve\n\nElle vient d'être écrite. Le reste suit.\n", "utf-8")
    site = build_site(CONFIG, broken, broken.with_name("lost-site"))
    assert faults(site) == [
        "qualite/score.html: absent.svg leads nowhere",
        "qualite/score.html: fetches https://exemple.test/pixel.png",
        "qualite/seule.html: no page leads to it",
    ]
    index = (site / "exploitation" / "index.html").read_text("utf-8")
    assert "Elle vient d'être écrite.</td>" in index


def _copy(documents: Path, name: str) -> Path:
    return shutil.copytree(documents, documents.with_name(name))
