"""Small layouts and judgements for the tests of the judge."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from shopnow.quality import Bench, Judged, judge
from shopnow.sources import Source, load_contracts, parse_source

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTRACTS = load_contracts(Path(__file__).resolve().parents[3] / "contracts")
RUN_AT = datetime(2026, 11, 22, tzinfo=UTC)
FEEDS = {
    "seller": "sellers", "product": "products", "offer": "offers", "order": "orders",
    "item": "orders", "click": "clickstream",
}  # fmt: skip


def layout(kind: str = "product", fields: Mapping[str, Any] | None = None, **more: Any) -> Source:  # noqa: ANN401
    """A platform's source with one kind of record."""
    document = {
        "name": "essai", "sender": "platform", "system": "essai", "feed": FEEDS[kind],
        "format": "ndjson", "records": {kind: {"fields": fields or {"product_id": "product_id"}}},
    } | more  # fmt: skip
    return parse_source(document, where="essai")


def judged(
    kind: str,
    rows: Mapping[str, Any],
    parents: pl.Series | None = None,
    **more: Any,  # noqa: ANN401
) -> Judged:
    """The judgement of some records; columns are named as the attributes.

    `parents`: lines whose parent record is rejected; `more`: keys of the source.
    """
    source = layout(kind, {name: name for name in rows}, **more)
    count = len(next(iter(rows.values())))
    frame = pl.DataFrame({name: pl.Series(list(v), dtype=pl.String) for name, v in rows.items()})
    frame = frame.with_columns(
        line_no=pl.int_range(1, count + 1, dtype=pl.Int64),
        item_no=pl.lit(0, dtype=pl.Int64),
        record_no=pl.int_range(1, count + 1, dtype=pl.Int64),
    )
    categories = {"maison": "home", "livres": "books"}
    return judge(frame, CONTRACTS.kinds[kind], Bench(source, RUN_AT, categories), parents)


def rejects(found: Judged) -> dict[int, list[str]]:
    """Rule codes by record."""
    return dict(zip(found.rejects["record_no"], found.rejects["rule_codes"].to_list(), strict=True))


def notes(frame: pl.DataFrame) -> list[tuple[int, str]]:
    """Record and rule code of warnings or cleanings."""
    return sorted(zip(frame["record_no"], frame["rule_code"], strict=True))
