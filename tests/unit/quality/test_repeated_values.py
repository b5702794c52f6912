"""Values that repeat are judged once each: nothing that is said may differ for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from tests.unit.quality.layouts import CONTRACTS, layout

from shopnow.quality import Bench, Once, judge
from shopnow.quality.texts import changed, clean_text, distinct

if TYPE_CHECKING:
    from shopnow.quality import Judged

AT = datetime(2026, 1, 5, tzinfo=UTC)
# Good, cleaned, translated, refused, absent, empty: each way a value can go.
CELLS: dict[str, list[str | None]] = {
    "seller_id": ["S1", " S1", "S2\u200b", "", None],
    "product_id": ["A-1", "A-2 ", "1,23E+12", "", None],
    "title": ["Vélo", "<b>V&eacute;lo</b>", "R&D", "  ", "Pаris"],
    "gtin": ["4006381333931", "'4006381333931", "4006381333932", "12", ""],
    "status": ["active", "ACTIF", "paused", "bizarre", ""],
    "effective_at": ["2026-01-02T10:00:00Z", "1999-01-01T00:00:00Z", "hier", "", None],
}


CONTRACT = CONTRACTS.kinds["product"]


def rows(times: int) -> pl.DataFrame:
    """Every cell beside every other in turn, each row `times` times."""
    count = 5 * times
    cells = {
        name: [words[(row // times + place) % 5] for row in range(count)]
        for place, (name, words) in enumerate(CELLS.items())
    }
    numbers = range(1, count + 1)
    return pl.DataFrame(
        {"line_no": numbers, "item_no": [0] * count, "record_no": numbers, **cells},
        schema_overrides=dict.fromkeys(CELLS, pl.String),
    )


def bench() -> Bench:
    return Bench(layout(fields={name: name for name in CELLS}), AT, {})


def said(judged: Judged) -> dict[str, Any]:
    """All that was said, in an order of its own."""
    return {
        "rows": judged.rows.rows(),
        "rejects": judged.rejects.rows(),
        "warnings": sorted(judged.warnings.rows(), key=repr),
        "cleanings": sorted(judged.cleanings.rows(), key=repr),
        "failed": judged.failed,
    }


def test_judged_by_value_as_row_by_row() -> None:
    frame = rows(400)
    assert all(distinct(frame[name]) for name in CELLS)
    whole = said(judge(frame, CONTRACT, bench()))
    parts = [said(judge(part, CONTRACT, bench())) for part in frame.iter_slices(500)]
    assert all(distinct(frame[:500][name]) is None for name in CELLS)
    for name in ("rows", "rejects"):
        assert whole[name] == [row for part in parts for row in part[name]]
    for name in ("warnings", "cleanings"):
        assert whole[name] == sorted((row for part in parts for row in part[name]), key=repr)
    assert whole["failed"] == {
        code: sum(part["failed"].get(code, 0) for part in parts) for code in whole["failed"]
    }


def test_a_column_of_two_kinds_is_judged_alike_for_both() -> None:
    frame, once = rows(3), Once()
    first = said(judge(frame, CONTRACT, bench(), None, once))
    assert said(judge(frame, CONTRACT, bench(), None, once)) == first
    other = frame.with_columns(pl.col("title").str.to_uppercase())
    assert said(judge(other, CONTRACT, bench(), None, once)) == said(
        judge(other, CONTRACT, bench())
    )


def test_few_values_or_many_different_ones_are_not_looked_at_apart() -> None:
    assert distinct(pl.Series(["a"] * 10)) is None
    assert distinct(pl.Series([str(n) for n in range(2000)])) is None
    found = distinct(pl.Series(["b", None, "a", "b"] * 500))
    assert found is not None
    each, places = found
    assert each.gather(places).to_list() == ["b", None, "a", "b"] * 500


def test_that_cleaning_changed_nothing_is_seen_without_comparing() -> None:
    for values in (["a", "b c", None, ""], ["é", "a\u0301"], [" a", "b "], ["\u00a0x"]):
        before = pl.Series(values, dtype=pl.String)
        after = clean_text(before)
        mask = changed(before, after)
        expected = (after != before).fill_null(value=False)
        assert (not expected.any()) if mask is None else mask.equals(expected)
