"""The audit counts what the generator drew: each defect of the old data, to the row."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.legacy.conftest import Imported

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def figures(imported: Imported) -> dict[str, float]:
    return {figure.name: figure.value for figure in imported.told.figures}


def test_order_lines(imported: Imported, figures: dict[str, float]) -> None:
    lines = imported.former.tables["fact_order"]
    unpriced = [row for row in lines if row[4] is None]
    priced = {row[0] for row in lines} - {row[0] for row in unpriced}
    again = imported.former.repeated["fact_order"]
    wanted = {
        "order_lines": len(lines),
        "orders": 1500,
        "lines_without_price": len(unpriced),
        "lines_without_price_pct": round(100 * len(unpriced) / len(lines), 2),
        "orders_without_any_price": 1500 - len(priced),
        "lines_without_seller": len(lines),
        "lines_without_currency": len(lines),
        "lines_without_key": len(lines),
        "lines_repeated": len(again),
        "orders_repeated": 45,
        "orders_repeated_whole": 45,
        "lines_without_time": 0,
        "lines_without_customer": 0,
    }
    assert {name: figures[name] for name in wanted} == wanted


def test_members(imported: Imported, figures: dict[str, float]) -> None:
    tables = imported.former.tables
    lines = tables["fact_order"]
    for noun, table, place in (("customers", "dim_customer", 2), ("products", "dim_product", 1)):
        members = {row[0] for row in tables[table]}
        named = Counter(row[place] for row in lines)
        orphans = {key: count for key, count in named.items() if key not in members}
        assert figures[noun] == len(members)
        assert figures[f"{noun}_repeated"] == 0
        assert figures[f"{noun}_without_history"] == len(members)
        assert figures[f"{noun}_without_order"] == len(members - set(named))
        assert figures[f"unknown_{noun}"] == len(orphans)
        assert figures[f"lines_of_unknown_{noun}"] == sum(orphans.values())
        first = imported.former.first_orders(place)
        again = {row[place] for row in lines if row[6].date() > first[str(row[place])].date()}  # type: ignore[attr-defined]
        assert figures[f"{noun}_never_updated"] == len(again & members)


def test_clicks(imported: Imported, figures: dict[str, float]) -> None:
    clicks = imported.former.tables["fact_clickstream"]
    identified = [row for row in clicks if row[2] is not None]
    assert figures["clicks"] == len(clicks)
    assert figures["clicks_repeated"] == figures["events_repeated"] == 60
    assert figures["clicks_anonymous"] == len(clicks) - len(identified)
    assert figures["clicks_identified"] == len(identified)
    assert figures["clicks_of_a_customer"] == figures["clicks_of_a_customer_pct"] == 0


def test_every_figure_has_its_words_and_its_table(imported: Imported) -> None:
    names = [figure.name for figure in imported.told.figures]
    assert len(names) == len(set(names))
    for figure in imported.told.figures:
        assert figure.label_fr
        assert figure.of in imported.former.tables
