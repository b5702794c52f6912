"""The old queries answer the same, before and after the import, but for repeats, which are counted.

Before: the eight statements on the old tables, in a schema of their own.  After: the same
statements on the views of schema legacy.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql
from tests.data import shared_data
from tests.former_warehouse import Former, write_csv, write_tables
from tests.integration.legacy.conftest import NOW, Imported, take_in
from tests.integration.legacy.old_shop import former_of_events, former_of_olist

from shopnow.kernel import FixedClock, Settings, connect
from shopnow.pipeline import Context, compare_queries
from shopnow.pipeline.legacy.queries import QUERIES, TITLES_FR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.integration
Answers = dict[str, list[tuple[Any, ...]]]

# A replay adds nothing to what counts distinct orders, or customers; what adds lines up, it does.
# After the last of the real events.
LATER = datetime(2026, 1, 1, tzinfo=UTC)
UNTOUCHED = {"orders_a_day", "orders_a_status", "customers_a_country"}
# Grouped by their first column, added up in the others: raw less repeats is what remains.
ADDED_UP = {"revenue_a_category", "revenue_a_country", "clicks_a_day"}


def asked(settings: Settings, schema: str) -> Answers:
    """The answers of the eight queries from the tables of that schema."""
    with connect(settings, None) as conn:
        conn.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        return {name: conn.execute(QUERIES[name]).fetchall() for name in TITLES_FR}


def sums(rows: list[tuple[Any, ...]]) -> dict[Any, list[Any]]:
    return {row[0]: [value or 0 for value in row[1:]] for row in rows}


@pytest.fixture(scope="module")
def before(imported: Imported) -> dict[str, Answers]:
    """Answers of the old tables: as stored, each fact once, and of the repeats alone."""
    former = imported.former
    repeats = Former(former.tables | former.repeated)
    versions = {"former": former, "former_once": former.once(), "former_repeats": repeats}
    return {
        schema: asked(imported.settings, write_tables(tables, imported.settings, schema))
        for schema, tables in versions.items()
    }


@pytest.fixture(scope="module")
def after(imported: Imported) -> Answers:
    return asked(imported.settings, "legacy")


def test_there_is_something_to_compare(before: dict[str, Answers]) -> None:
    assert all(before["former"].values())
    assert len(before["former"]["top_products"]) == 10
    assert len(before["former"]["orders_a_day"]) > 30


@pytest.mark.parametrize("query", TITLES_FR)
def test_with_each_fact_counted_once_the_answer_is_equal(
    query: str, before: dict[str, Answers], after: Answers
) -> None:
    assert after[query] == before["former_once"][query]


@pytest.mark.parametrize("query", sorted(UNTOUCHED))
def test_what_counts_orders_or_customers_is_equal_as_it_stands(
    query: str, before: dict[str, Answers], after: Answers
) -> None:
    assert after[query] == before["former"][query]


@pytest.mark.parametrize("query", sorted(ADDED_UP))
def test_what_adds_lines_up_differs_by_the_repeats_and_nothing_else(
    query: str, before: dict[str, Answers], after: Answers
) -> None:
    assert after[query] != before["former"][query]
    raw, repeats = sums(before["former"][query]), sums(before["former_repeats"][query])
    nothing = [0] * len(next(iter(raw.values())))
    assert sums(after[query]) == {
        key: [a - b for a, b in zip(values, repeats.get(key, nothing), strict=True)]
        for key, values in raw.items()
    }


def test_the_command_says_the_same_of_the_copy(imported: Imported) -> None:
    with Context.open(imported.settings, FixedClock(NOW)) as context:
        compared = {one.query: one for one in compare_queries(context, str(imported.folder))}
    verdicts = {name: one.verdict for name, one in compared.items()}
    assert {name for name, verdict in verdicts.items() if verdict == "differs"} == set()
    assert {name for name, verdict in verdicts.items() if verdict == "equal"} >= UNTOUCHED
    assert {name for name, verdict in verdicts.items() if verdict == "repeats"} >= ADDED_UP


def test_the_command_finds_a_difference(imported: Imported, tmp_path: Path) -> None:
    """Sabotage: a copy in which one customer moved is another warehouse's."""
    people = list(imported.former.tables["dim_customer"])
    people[50] = (*people[50][:5], "Greece")
    changed = replace(imported.former, tables=imported.former.tables | {"dim_customer": people})
    with Context.open(imported.settings, FixedClock(NOW)) as context:
        compared = compare_queries(context, str(write_csv(changed, tmp_path / "other")))
    assert "differs" in {one.verdict for one in compared if one.query == "customers_a_country"}


@pytest.mark.parametrize(
    ("data", "made"), [("shopnow-events", former_of_events), ("olist", former_of_olist)]
)
def test_real_data_in_the_old_tables_answer_the_same(
    data: str, made: Callable[[Path], Former], another: Settings, tmp_path: Path
) -> None:
    former = made(shared_data(data))
    once = asked(another, write_tables(former.once(), another))
    take_in(another, write_csv(former, tmp_path / "export"), at=LATER, snapshot_at=LATER)
    assert asked(another, "legacy") == once
    with Context.open(another, FixedClock(LATER)) as context:
        compared = compare_queries(context, str(tmp_path / "export"))
    assert {one.verdict for one in compared} <= {"equal", "repeats"}
