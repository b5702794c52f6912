"""The labelled event files of the ShopNow case, and the records that must come of them."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.acceptance.event_outcomes import TABLE
from tests.data import shared_data

if TYPE_CHECKING:
    from tests.acceptance.event_outcomes import Decision, Fate

PARENT = {"vendors": "seller", "products": "product", "orders": "order", "clickstream": "click"}
CHILD = {"products": "offer", "orders": "item"}


@dataclass(frozen=True)
class Line:
    """A line of a file with its label; `content` is None where it is no JSON object."""

    no: int
    label: str
    decision: str
    content: dict[str, Any] | None


@dataclass(frozen=True)
class Record:
    """A record that must come of a line: its number in the delivery and its fate."""

    line_no: int
    record_no: int
    kind: str
    fate: Fate


def read_lines(name: str) -> list[Line]:
    """The lines of a file with the decisions that their labels lead to."""
    folder = shared_data("shopnow-events")
    raw = (folder / f"{name}.ndjson").read_text(encoding="utf-8").splitlines()
    with (folder / f"{name}.labels.csv").open(encoding="utf-8", newline="") as stream:
        labels = list(csv.DictReader(stream))
    assert len(raw) == len(labels)
    lines = []
    for text, label in zip(raw, labels, strict=True):
        kind = label["kind"]
        named = f"{kind}/{label['dialect']}" if kind.startswith("normal") else kind
        lines.append(Line(int(label["line"]), named, named, _object(text)))
    return _told_again(name, lines)


def _object(text: str) -> dict[str, Any] | None:
    def refuse(_: str) -> None:
        raise ValueError

    try:
        content = json.loads(text, parse_constant=refuse)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None


def _told_again(name: str, lines: list[Line]) -> list[Line]:
    """Of lines told twice the later one is the replay, whichever carries the label."""
    found = {line.no: line for line in lines}
    groups: dict[Any, list[Line]] = defaultdict(list)
    for line in lines:
        if line.content is not None:
            groups[json.dumps(line.content, sort_keys=True)].append(line)
    for first, *rest in groups.values():
        replays = [ln for ln in (first, *rest) if ln.label.startswith("exact_replay")]
        if rest and replays:
            normal = next(ln.label for ln in (first, *rest) if ln not in replays)
            found[first.no] = replace(first, decision=normal)
            found |= {ln.no: replace(ln, decision=replays[0].label) for ln in rest}
    for line in lines:
        if line.label == "same_order_new_event_status_change":
            [before] = [
                other for other in lines
                if other.content and line.content and other is not line
                and other.content.get("order_id") == line.content["order_id"]
            ]  # fmt: skip
            found[before.no] = replace(before, decision="changed_later")
    if name == "products":
        found[1] = replace(found[1], decision="changed_later")
    return list(found.values())


def expected_records(name: str, lines: list[Line]) -> list[Record]:
    """The records of a file: parents in the order of lines, then what hangs on them."""
    parents, children = [], []
    for line in lines:
        decision = TABLE[name][line.decision]
        if decision.record is None:
            continue
        assert line.content is not None, line
        parents.append((line.no, PARENT[name], _warned(name, line, decision)))
        for place in range(_children(name, line.content)):
            fate = decision.first if place == 0 else decision.children
            children.append((line.no, CHILD[name], fate))
    return [
        Record(line_no, record_no, kind, fate)
        for record_no, (line_no, kind, fate) in enumerate((*parents, *children), start=1)
    ]


def _children(name: str, content: dict[str, Any]) -> int:
    if name == "products":
        return 1
    items = content.get("items") if name == "orders" else None
    return len(items) if isinstance(items, list) else 0


def _warned(name: str, line: Line, decision: Decision) -> Fate:
    """The fate of the line's own record, with the warnings that follow from its amounts."""
    fate = decision.record
    assert fate is not None
    whole = all(f.outcome != "rejected" for f in (fate, decision.first, decision.children))
    if name == "orders" and whole and line.content and _off(line.content):
        fate = replace(fate, warnings=fate.warnings | {"total_mismatch"})
    return fate


def _off(order: dict[str, Any]) -> bool:
    """Whether an order's declared total is not the sum of its lines."""
    total = sum(
        Decimal(str(item["quantity"]))
        * Decimal(str(item.get("unit_price", item.get("price"))).replace(",", "."))
        for item in order["items"]
    )
    return abs(Decimal(str(order["total_amount"])) - total) > Decimal("0.01")


def told_again_later(lines: list[Line]) -> set[int]:
    """Lines whose event comes again, unchanged, further down."""
    replays = [line.content for line in lines if line.decision.startswith("exact_replay")]
    return {
        line.no for line in lines
        if line.content in replays and not line.decision.startswith("exact_replay")
    }  # fmt: skip
