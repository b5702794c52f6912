"""One French page per code of the journal, for the operator who reads it in an alert or a list."""

from __future__ import annotations

from typing import Final

from shopnow.journal import EventCode, event_codes

_MADE: Final = "Page produite par `shopnow docs` ; l'identifiant ne change jamais."
_INTRO: Final = """# Les codes du journal

Chaque événement qui compte porte un de ces codes (`shopnow journal list --code …`).

| code | niveau | ce qu'il dit | que faire |
|---|---|---|---|"""
_LEVELS_FR: Final = {"INFO": "info", "WARNING": "alerte", "ERROR": "erreur"}


def event_code_documents() -> dict[str, str]:
    """Markdown by name of page: one a code, and `index`; the same catalogue gives the same."""
    codes = sorted(event_codes().values(), key=lambda one: one.code)
    rows = [
        f"| [`{one.code}`]({one.code}.md) | {_LEVELS_FR[one.level]} | {one.what_fr} | {one.do_fr} |"
        for one in codes
    ]
    return {"index": "\n".join([_INTRO, *rows, "", _MADE, ""])} | {
        one.code: _page(one) for one in codes
    }


def _page(one: EventCode) -> str:
    lines = [f"# `{one.code}`", "", one.what_fr, ""]
    lines += [f"Type : {one.type}. Niveau : {_LEVELS_FR[one.level]}."]
    lines += ["", "## Que faire", "", one.do_fr]
    if one.runbook:
        lines += ["", f"Procédure : [{one.runbook}](../../exploitation/{one.runbook}.md)"]
    lines += ["", "```text", f"shopnow journal list --code {one.code} --since 7d", "```"]
    return "\n".join([*lines, "", _MADE, ""])
