"""The page of all tables, cut into a page for each schema: one of 2,000 lines is not read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_INTRO: Final = """# Tables et colonnes

Produit par `shopnow docs` à partir des commentaires du catalogue vivant, en anglais comme le code.
Les heures sont en UTC ; un jour (`_on`) est un jour du fuseau de la maison.

| schéma | tables et vues | ce qu'il contient |
|---|---|---|
"""


def split_tables(whole: Path) -> dict[str, str]:
    """Cut `whole` into a page a schema and their index; return the pages by name of the section."""
    folder = whole.with_suffix("")
    folder.mkdir()
    rows, names = [], {}
    for part in re.split(r"^## ", whole.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        name, _, body = part.partition("\n")
        file = re.split(r"\W", name)[0].lower()
        names[name] = f"{folder.name}/{file}.md"
        # Each heading rises by one: the schema is the page.
        (folder / f"{file}.md").write_text(
            f"# {name}\n" + re.sub(r"^###", "##", body, flags=re.MULTILINE), "utf-8"
        )
        count = len(re.findall(r"^### ", body, flags=re.MULTILINE))
        rows.append(f"| [{name}]({file}.md) | {count or ''} | {_first_line(body)} |")
    (folder / "index.md").write_text(_INTRO + "\n".join(rows) + "\n", "utf-8")
    whole.unlink()
    return names


def _first_line(body: str) -> str:
    line = body.strip().splitlines()[0]
    return "" if line.startswith("|") else line
