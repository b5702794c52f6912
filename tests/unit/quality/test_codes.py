"""The catalogue of rule codes: complete both ways, and its examples do what they say."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import shopnow
from shopnow.deliverables import code_documents
from shopnow.quality import RULE_CODES, Bench, CodePage, code_pages, judge, page_gaps
from shopnow.sources import Field, RecordMap, Source, load_contracts

if TYPE_CHECKING:
    from collections.abc import Iterator

SRC = Path(shopnow.__file__).parent
CONTRACTS = load_contracts(Path(__file__).parents[3] / "contracts")
# Calls that say a rule code, and which of their arguments it is.
SAYING = {
    "note": 1, "clean": 0, "UnreadableFile": 0, "BadLine": 1, "_warn_of": 1, "_reject": 1,
}  # fmt: skip
CODE = re.compile(r"[a-z]+(_[a-z]+)*")
# Codes that a reader puts together from the name of a format.
PUT_TOGETHER = {"invalid_json", "invalid_xml"}
TRIED = [page for page in code_pages().values() if page.tries]


def literals(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may give."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def said_codes() -> dict[str, str]:
    """Codes that the program says, with the file that says each."""
    found: dict[str, str] = {}
    for path in sorted(SRC.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            place = SAYING.get(name)
            if place is not None and len(call.args) > place:
                for text in literals(call.args[place]):
                    if CODE.fullmatch(text):
                        found.setdefault(text, path.name)
    for path in sorted((SRC / "pipeline" / "sql").glob("*_warn.sql")):
        for text in re.findall(r"'([a-z]+(?:_[a-z]+)+)'", path.read_text("utf-8")):
            if text in RULE_CODES or text.count("_"):
                found.setdefault(text, path.name)
    return found


def test_every_code_that_is_said_has_a_page() -> None:
    attributes = {a.name for kind in CONTRACTS.kinds.values() for a in kind.attributes}
    unknown = {c: f for c, f in said_codes().items() if c not in RULE_CODES and c not in attributes}
    assert not unknown


def test_every_page_belongs_to_a_code_that_is_said_somewhere() -> None:
    assert page_gaps() == []
    texts = [
        path.read_text("utf-8")
        for pattern in ("*.py", "*.sql")
        for path in SRC.rglob(pattern)
        if path.name != "codes.py"
    ]
    everything = "\n".join(texts)
    quoted = set(re.findall(r"[\"'{]([a-z_]+)[\"'} :]", everything))
    silent = sorted(RULE_CODES.keys() - quoted - PUT_TOGETHER)
    assert silent == []


@pytest.mark.parametrize("page", code_pages().values(), ids=lambda page: page.code)
def test_a_page_says_everything_in_both_languages(page: CodePage) -> None:
    texts = (page.what_fr, page.fix_fr, page.what_en, page.fix_en, page.explanation_fr, page.right)
    assert all(texts)
    assert page.wrong != page.right
    assert page.explanation_fr.endswith(".")
    document = code_documents()[page.code]
    assert document.startswith(f"# `{page.code}` : ")
    assert "## Exemple" in document
    assert "## Que faire" in document


def test_the_index_leads_to_every_page() -> None:
    documents = code_documents()
    linked = set(re.findall(r"\]\((\w+)\.md\)", documents["index"]))
    assert linked == documents.keys() - {"index"}


@pytest.mark.parametrize("page", TRIED, ids=lambda page: page.code)
def test_the_examples_of_a_page_are_judged_as_it_says(page: CodePage) -> None:
    assert page.code in verdicts(page, page.wrong)
    assert page.code not in verdicts(page, page.right)


def verdicts(page: CodePage, value: str) -> set[str]:
    """The codes that the judge says of one value."""
    kind, name = page.tries.split(".")
    source = Source(
        name="example", sender="platform", system="example", feed="orders", format="csv",
        records=(RecordMap(kind, {name: Field(paths=(name,))}),),
    )  # fmt: skip
    frame = pl.DataFrame(
        {"line_no": [2], "item_no": [0], "record_no": [1], name: [value]},
        schema_overrides={name: pl.String},
    )
    bench = Bench(source, datetime(2026, 2, 1, tzinfo=UTC), {})
    judged = judge(frame, CONTRACTS.kinds[kind], bench)
    codes = judged.rejects.explode("rule_codes", "columns").filter(pl.col("columns") == name)
    return {
        *codes["rule_codes"].to_list(),
        *judged.warnings.filter(pl.col("column_name") == name)["rule_code"].to_list(),
        # A warning of a record that is rejected for what it lacks is counted only.
        *(code for code in judged.failed if code in RULE_CODES and code != "missing_value"),
    }
