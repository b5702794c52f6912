"""The pages that list pages: runbooks by subject, decisions by number, drawings of the models."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_RUNBOOKS: Final = """# Procédures d'exploitation

Chaque procédure dit ce qui se passe, qui est touché, ce qu'il faut regarder, ce qu'il faut faire,
comment vérifier et comment revenir en arrière. Leurs commandes sont exécutées par les tests : elles
marchent telles qu'elles sont écrites. Une alerte nomme toujours la sienne.
"""
_DECISIONS: Final = """# Décisions d'architecture

Ce qui a été décidé, et pourquoi ; en anglais, comme le code. Une décision remplacée reste lisible.

| n° | décision | statut |
|---|---|---|
"""
_MODELS: Final = """# Modèles logique et physiques

Dessinés par `shopnow docs` à partir du catalogue vivant. Un clic ouvre le dessin en grand ; le sens
de chaque colonne est dans [Tables et colonnes](../schema/index.md), le type d'historisation de
chaque attribut dans [Attributs](attributs.md).
"""
_NUMBERED: Final = re.compile(r"#\s+(\d+)\.\s+(.*)")
_STATUS: Final = re.compile(r"\bStatus(?:\*\*|:)\s*:?\s*(\w+)")
_STATES_FR: Final = {"accepted": "acceptée", "superseded": "remplacée", "proposed": "proposée"}
_SCHEMAS_FR: Final = {
    "dwh": "l'entrepôt : dimensions et faits",
    "history": "l'histoire remplacée, et le journal des changements",
    "journal": "ce qui s'est passé",
    "mart": "ce que lisent analystes et vendeurs",
    "privacy": "personnes et effacements",
    "quality": "jugements, rejets, scores",
    "security": "vendeurs, comptes, accès",
    "staging": "les livraisons",
}


def title_of(page: Path) -> str:
    """Return the first heading of a Markdown page."""
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("# "):
            return line[2:].strip()
    return page.stem


def runbooks_index(pages: Path, groups: list[dict[str, list[str]]]) -> str:
    """Return the index of the runbooks: a table a group, a line of what each is for."""
    parts = [_RUNBOOKS]
    for group in groups:
        for name, entries in group.items():
            parts.append(f"## {name}\n\n| procédure | en bref |\n|---|---|")
            parts += [_row(pages / entry) for entry in entries]
            parts.append("")
    return "\n".join(parts)


def decisions_index(decisions: list[Path]) -> str:
    """Return the index of the decisions, by number."""
    rows = []
    for path in decisions:
        text = path.read_text("utf-8")
        found = _NUMBERED.match(text)
        number, title = found.groups() if found else (path.stem[:4], title_of(path))
        status = _STATUS.search(text)
        word = status.group(1).lower() if status else ""
        rows.append(f"| {int(number)} | [{title}]({path.name}) | {_STATES_FR.get(word, word)} |")
    return _DECISIONS + "\n".join(rows) + "\n"


def models_page(drawings: list[Path]) -> str:
    """Return the page that shows the drawings, the logical one first."""
    parts = [_MODELS]
    for path in drawings:
        schema = path.stem.removeprefix("modele-physique-")
        name = "Modèle logique" if schema == path.stem else f"Schéma `{schema}`"
        if about := _SCHEMAS_FR.get(schema):
            name += f", {about}"
        alone = name.replace("`", "")
        parts.append(f"## {name}\n\n[![{alone}]({path.name})]({path.name}){{target=_blank}}\n")
    return "\n".join(parts)


def _row(page: Path) -> str:
    return f"| [{title_of(page)}]({page.name}) | {_first_sentence(page)} |"


def _first_sentence(page: Path) -> str:
    """Return the first sentence after the title, on one line, fit for a cell of a table."""
    _, _, rest = page.read_text("utf-8").partition("\n")
    paragraphs = [part for part in rest.strip().split("\n\n") if not part.startswith(("#", "|"))]
    words = " ".join(paragraphs[0].split()) if paragraphs else ""
    sentence = re.split(r"(?<=[.!?])\s|\s:$", words, maxsplit=1)[0]
    return sentence.rstrip(" :").replace("|", "\\|")
