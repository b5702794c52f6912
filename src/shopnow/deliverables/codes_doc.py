"""One French page per rule code, for the sender who reads the code in an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from shopnow.quality import code_pages

if TYPE_CHECKING:
    from shopnow.quality import CodePage

INDEX: Final = "index"
_MADE: Final = "Page produite par `shopnow docs` ; l'identifiant ne change jamais."
_INTRO: Final = """# Les motifs des réponses aux livraisons

Chaque ligne rejetée ou signalée porte un de ces codes, dans la colonne « Code » de la réponse
(`shopnow delivery report`). Un code a une page : ce qu'il veut dire, pourquoi la règle existe, un
exemple faux, un exemple juste.

| code | ce qui ne va pas | que faire |
|---|---|---|"""


def code_documents() -> dict[str, str]:
    """Markdown by name of page: one a code, and `index`; the same catalogue gives the same."""
    pages = code_pages()
    rows = [
        f"| [`{one.code}`]({one.code}.md) | {_cell(one.what_fr)} | {_cell(one.fix_fr)} |"
        for one in sorted(pages.values(), key=lambda one: one.code)
    ]
    index = "\n".join([_INTRO, *rows, "", _MADE, ""])
    return {INDEX: index} | {code: _page(one) for code, one in pages.items()}


def _page(one: CodePage) -> str:
    wrong = one.wrong or "(vide)"
    return "\n".join(
        [
            f"# `{one.code}` : {one.what_fr}",
            "",
            one.explanation_fr,
            "",
            "## Exemple",
            "",
            "| faux | juste |",
            "|---|---|",
            f"| {_value(wrong)} | {_value(one.right)} |",
            "",
            "## Que faire",
            "",
            _todo(one),
            "",
            f"In English: {one.what_en}. {one.fix_en}",
            "",
            _MADE,
            "",
        ]
    )


def _todo(one: CodePage) -> str:
    if one.fix_fr.startswith("Rien à faire"):
        return one.fix_fr
    again = "ce qui est déjà chargé ne l'est pas une seconde fois"
    return f"{one.fix_fr} Puis renvoyez le fichier : {again}."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _value(text: str) -> str:
    """An example as it is written; what stands in brackets describes one."""
    return _cell(text) if text.startswith("(") else f"`{_cell(text)}`"
