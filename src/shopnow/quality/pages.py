"""The page of each rule code: English words, why the rule exists, a wrong and a right value.

Protects the promise that no code is unexplained: a test compares the pages with the catalogue, and
both with the codes that the program says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from shopnow.quality.codes import RULE_CODES

_FILE = "pages.yaml"


@dataclass(frozen=True, slots=True)
class CodePage:
    """What is said of one code; `tries` is `kind.attribute` where the examples can be judged."""

    code: str
    what_fr: str
    fix_fr: str
    what_en: str
    fix_en: str
    explanation_fr: str
    wrong: str
    right: str
    tries: str = ""


@cache
def code_pages() -> dict[str, CodePage]:
    """Every page by its code, in the order of the catalogue.

    A code that no page explains yet speaks by its French words alone; `page_gaps` names it.
    """
    written = _written()
    return {code: _page(code, written.get(code, {})) for code in RULE_CODES}


def page_gaps() -> list[str]:
    """Codes without a page and pages without a code; there must be none."""
    return sorted(_written().keys() ^ RULE_CODES.keys())


@cache
def _written() -> dict[str, Any]:
    text = resources.files(__package__ or "").joinpath(_FILE).read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def _page(code: str, text: dict[str, Any]) -> CodePage:
    what, fix = text.get("en", (code.replace("_", " "), ""))
    french = RULE_CODES[code]
    return CodePage(
        code=code,
        what_fr=french.what_fr,
        fix_fr=french.fix_fr,
        what_en=what,
        fix_en=fix,
        explanation_fr=text.get("explain", ""),
        wrong=text.get("wrong", ""),
        right=text.get("right", ""),
        tries=text.get("tries", ""),
    )
