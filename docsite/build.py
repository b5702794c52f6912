"""From the documents and `mkdocs.yml` to a site: what is written by hand is copied, the rest made.

Indexes, the page of commands and the navigation's remainder are made here, in a folder of their
own: nothing of `docs/` is changed, and no list of pages is kept in two places.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import yaml

from docsite.commands import commands_page
from docsite.indexes import decisions_index, models_page, runbooks_index, title_of
from docsite.tables import split_tables

_OTHERS: Final = "Autres procédures"
_ALL: Final = "Vue d'ensemble"
# The committed page of all tables, which the site cuts into one a schema.
_TABLES_LINK: Final = re.compile(r"(\]\((?:\.\./)*)schema\.md")
_SEARCH_FR: Final = {
    'placeholder:"Search"': 'placeholder:"Rechercher"',
    '"aria-label":"Search"': '"aria-label":"Rechercher"',
    '"aria-label":"Search results"': '"aria-label":"Résultats"',
    '"result":"results"': '"résultat":"résultats"',
    '"No results"': '"Aucun résultat"',
    '"Loading search\\u2026"': '"Un instant…"',
}
_FILES: Final = ("site.css", "iframe-worker.js")


class BuildFailedError(Exception):
    """The site was not built; the message is what the builder said."""


def build_site(config: Path, docs: Path, output: Path) -> Path:
    """Build the site of `docs` by the declaration `config` into `output` and return it.

    Raises BuildFailedError for a page that is named and absent, a broken link between pages, or
    anything else the builder warns of.
    """
    declared = yaml.safe_load(config.read_text("utf-8"))
    pages = output.with_name(f"{output.name}-pages")
    for folder in (pages, output):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(docs, pages)
    for name in _FILES:
        shutil.copyfile(Path(__file__).with_name(name), pages / name)
    declared["nav"] = _made_pages(pages, declared["nav"])
    declared |= {"docs_dir": pages.name, "site_dir": output.name}
    made = output.with_name(f"{output.name}.yml")
    made.write_text(yaml.safe_dump(declared, allow_unicode=True, sort_keys=False), "utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "-f", str(made)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 — ours
    if done.returncode or not (output / "index.html").is_file():
        raise BuildFailedError(f"{done.stdout}\n{done.stderr}".strip())
    _speak_french(output)
    return output


def _speak_french(site: Path) -> None:
    """Translate the words of the search that the theme knows in English only."""
    (script,) = (site / "assets" / "javascripts").glob("bundle.*.js")
    text = script.read_text("utf-8")
    for word, french in _SEARCH_FR.items():
        if word not in text:
            raise BuildFailedError(f"the theme's search no longer says {word}")
        text = text.replace(word, french)
    script.write_text(text, "utf-8")


def _made_pages(pages: Path, nav: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write the pages that are made; return the navigation with them."""
    runbooks = _section(nav, "exploitation/index.md")
    named = {path for group in runbooks[1:] for entries in group.values() for path in entries}
    present = {f"exploitation/{path.name}" for path in (pages / "exploitation").glob("*.md")}
    if left := sorted(present - named):
        runbooks.append({_OTHERS: left})
    _write(pages / "exploitation" / "index.md", runbooks_index(pages, runbooks[1:]))
    decisions = sorted((pages / "decisions").glob("*.md"))
    _write(pages / "decisions" / "index.md", decisions_index(decisions))
    schemas = split_tables(pages / "schema.md")
    _write(pages / "commandes.md", commands_page())
    for page in pages.rglob("*.md"):
        page.write_text(_TABLES_LINK.sub(r"\1schema/index.md", page.read_text("utf-8")), "utf-8")
    drawings = sorted((pages / "modele").glob("*.svg"))
    if drawings:
        _write(pages / "modele" / "modeles.md", models_page(drawings))
    more: dict[str, list[Any]] = {
        "decisions/index.md": [f"decisions/{path.name}" for path in decisions],
        "schema/index.md": [{name: path} for name, path in schemas.items()],
    }
    return [_with_pages(entry, pages, more) for entry in nav]


def _section(nav: list[dict[str, Any]], first: str) -> list[Any]:
    """The list of the navigation that begins with this page."""
    for entry in nav:
        for inside in entry.values():
            if isinstance(inside, list) and first in inside[0].values():
                return inside
    raise BuildFailedError(f"the navigation has no section that begins with {first}")


def _with_pages(entry: Any, pages: Path, more: dict[str, list[Any]]) -> Any:  # noqa: ANN401 — YAML
    """An entry of the navigation, sections opened, and pages without a name given their title."""
    if isinstance(entry, str):
        return {title_of(pages / entry): entry}
    ((name, inside),) = entry.items()
    if isinstance(inside, list):
        return {name: [_with_pages(one, pages, more) for one in inside]}
    if inside in more:
        first = {_ALL: inside}
        return {name: [first, *(_with_pages(one, pages, {}) for one in more[inside])]}
    return entry


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
