"""Every code that the program journals has a page, and every grave one an alert."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from shopnow.alerts import load_rules
from shopnow.journal import event_codes
from shopnow.kernel import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.journal import EventCode

SOURCES = Path(__file__).parents[3] / "src" / "shopnow"
RULES = load_rules(Settings())
CODES = event_codes()
FIELDS = ("ts", "source", "type", "level", "message", "error_code")
ORDER = ("INFO", "WARNING", "ERROR")
# Files that choose a code at run time, with all those that they choose from.  What a refused
# delivery says is the code of its rule, which has a page among those of the quality rules.
CHOSEN = {
    "pipeline/conductor.py": {"delivery_failed"},
    "pipeline/decisions.py": {"delivery_approved", "delivery_refused"},
    "pipeline/categories/__init__.py": {"category_alias_added", "category_alias_removed"},
    "pipeline/identities/merging.py": {"seller_merged", "seller_merge_undone"},
    "pipeline/onboarding/shelf.py": {"source_activated", "source_suspended"},
    "pipeline/sending.py": {"answer_sent", "answer_failed"},
    "pipeline/breaker.py": {"breaker_open", "breaker_closed"},
    "security/accesses/following.py": {
        "access_granted", "access_revoked", "access_suspended", "access_resumed",
        "access_sellers_changed", "access_expiry_set", "access_password_drawn",
    },
}  # fmt: skip


class Said(NamedTuple):
    """One event that a file journals; a word is None where it is chosen at run time."""

    file: str
    type: str | None
    levels: frozenset[str]
    code: str | None


def said() -> Iterator[Said]:
    """Every event of the sources that carries a code."""
    for path in sorted(SOURCES.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = dict(_constants(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Event":
                given = dict(zip(FIELDS, node.args, strict=False))
                given |= {one.arg: one.value for one in node.keywords if one.arg in FIELDS}
                code = given.get("error_code")
                if code is None or (isinstance(code, ast.Constant) and code.value is None):
                    continue
                kind = given["type"]
                yield Said(
                    path.relative_to(SOURCES).as_posix(),
                    kind.value if isinstance(kind, ast.Constant) else None,  # type: ignore[arg-type]
                    frozenset(word for word in ORDER if f"'{word}'" in ast.unparse(given["level"])),
                    _word(code, constants),
                )


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        value = getattr(node, "value", None)
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant):
            yield target.id, str(value.value)


def _word(code: ast.expr, constants: dict[str, str]) -> str | None:
    if isinstance(code, ast.Constant):
        return str(code.value)
    return constants.get(code.id) if isinstance(code, ast.Name) else None


SAID = list(said())


def test_every_code_that_the_program_says_has_a_page() -> None:
    codes = {one.code for one in SAID if one.code}
    assert len(codes) > 20
    assert sorted(codes - CODES.keys()) == []


def test_codes_chosen_at_run_time_are_known_and_stand_in_their_file() -> None:
    assert {one.file for one in SAID if one.code is None} == CHOSEN.keys()
    for file, codes in CHOSEN.items():
        assert codes <= CODES.keys()
        folder = (SOURCES / file).parent
        text = " ".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
        missing = [code for code in codes if f'"{code}"' not in text]
        assert file == "pipeline/decisions.py" or missing == []


def test_a_page_says_type_and_gravest_level() -> None:
    for one in SAID:
        if one.code is None:
            continue
        page = CODES[one.code]
        assert one.type in (None, page.type), one
        assert all(ORDER.index(level) <= ORDER.index(page.level) for level in one.levels), one


def test_nothing_is_declared_that_nobody_says() -> None:
    literal = {one.code for one in SAID} | set().union(*CHOSEN.values())
    text = " ".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    assert [code for code in CODES if code not in literal and f'"{code}"' not in text] == []


@pytest.mark.parametrize("code", [one for one in CODES.values() if one.level != "INFO"],
                         ids=lambda one: one.code)  # fmt: skip
def test_what_is_grave_has_exactly_one_alert(code: EventCode) -> None:
    waiting = [
        rule.name
        for rule in RULES.values()
        if rule.event and rule.event.accepts(code.type, code.level, code.code)
    ]
    # The two proofs alert through their indicators, whose end is noticed.
    watched = {"journal_proved": "preuve-du-journal-rompue",
               "retention_proved": "conservation-depassee"}  # fmt: skip
    if code.code in watched:
        assert waiting == []
        assert RULES[watched[code.code]].indicator
    elif code.quiet:
        assert (waiting, code.level) == ([], "WARNING")
    else:
        assert len(waiting) == 1, waiting
        assert code.runbook, "whoever is woken wants to know what to do"


def test_an_alert_on_a_code_and_its_page_lead_to_the_same_runbook() -> None:
    for rule in RULES.values():
        for code in rule.event.codes if rule.event else ():
            assert CODES[code].runbook == rule.runbook


def test_codes_are_words() -> None:
    assert [code for code in CODES if not re.fullmatch(r"[a-z]+(_[a-z]+)+", code)] == []
