"""One file of the corpus: how it is laid out, its bytes, and what has to come of it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tests.ugly.goods import COLUMNS, Row, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SEED = 20250310


@dataclass(frozen=True)
class Case:
    """A file and its outcome; `name` is the label of its one defect.

    `refused`: code of the refusal and words of its reason (with the physical line where there is
    one). Else: `bad` names unreadable lines, `rejects` rejected records, by physical line; every
    other record of `table` is accepted, with the values of `table`.
    """

    name: str
    layout: str
    content: bytes
    table: Sequence[Row] = ()
    lines: Sequence[int] = ()
    refused: tuple[str, ...] = ()
    bad: dict[int, str] = field(default_factory=dict)
    rejects: dict[int, set[str]] = field(default_factory=dict)
    duplicates: int = 0
    dialect: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)


MAKERS: list[tuple[str, Callable[[list[Row], random.Random], dict[str, Any]]]] = []


def defect(
    name: str,
) -> Callable[
    [Callable[[list[Row], random.Random], dict[str, Any]]],
    Callable[[list[Row], random.Random], dict[str, Any]],
]:
    """Register a maker of one file: from clean rows to the parts of a `Case`."""

    def register(
        maker: Callable[[list[Row], random.Random], dict[str, Any]],
    ) -> Callable[[list[Row], random.Random], dict[str, Any]]:
        MAKERS.append((name, maker))
        return maker

    return register


def corpus(seed: int = SEED) -> list[Case]:
    """Every file of the corpus by name; the same seed makes the same bytes."""
    for part in ("texts", "records", "documents"):
        import_module(f"tests.ugly.{part}")
    cases = []
    for name, maker in sorted(MAKERS, key=lambda named: named[0]):
        rng = random.Random(f"{seed} {name}")  # noqa: S311 — the same files each time
        table = rows(rng, name.replace(" ", "_")[:60])
        cases.append(Case(name=name, **maker(table, rng)))
    return cases


def described(case: Case) -> str:
    """The case as a row of the list of defects."""
    if case.refused:
        code, *words = case.refused
        told = ", ".join(f"“{word.strip(' (,')}”" for word in words)
        outcome = f"file refused, `{code}`" + (f": {told}" if told else "")
    else:
        found = [f"line {line} unreadable, `{code}`" for line, code in sorted(case.bad.items())]
        for line, codes in sorted(case.rejects.items()):
            shown = ", ".join(f"`{code}`" for code in sorted(codes))
            found.append(f"record of line {line} rejected, {shown}")
        outcome = "; ".join(found) or "all records accepted"
    return f"| {case.name} | {outcome} |"


def source_yaml(case: Case) -> dict[str, Any]:
    """The source that declares the case's layout."""
    xml = case.layout == "xml"
    path = {name: f"c:{name}" if xml else name for name in COLUMNS}
    if xml:
        path["sku"] = "@sku"
    dialects: dict[str, dict[str, Any]] = {
        "xml": {
            "record": "c:catalogue/c:list/c:product",
            "namespaces": {"c": "urn:catalogue"},
        },
        "json": {"record": "data.products"},
    }
    product = {
        "product_id": path["sku"], "title": path["title"], "description": path["description"],
        "brand": path["brand"], "gtin": path["ean"], "status": path["status"],
        "effective_at": path["updated"],
    }  # fmt: skip
    offer = {
        "product_id": path["sku"], "unit_price": path["price"], "currency": {"const": "EUR"},
        "stock_quantity": path["stock"], "effective_at": path["updated"],
    }  # fmt: skip
    own = case.fields
    return {
        "name": f"ugly {case.name}".replace(" ", "-"),
        "sender": "platform",
        "system": "ugly",
        "feed": "products",
        "format": case.layout,
        "dialect": dialects.get(case.layout, {}) | case.dialect,
        "records": {
            "product": {"fields": product | {k: v for k, v in own.items() if k in product}},
            "offer": {"fields": offer | {k: v for k, v in own.items() if k in offer}},
        },
    }
