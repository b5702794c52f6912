"""What a file of `marts/` must declare, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import UsageError
from shopnow.marts import MartError, draft_mart, parse_mart

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """\
-- purpose: what is sold
-- grain: one seller and day
-- owner: data engineering
-- freshness: 2 hours
-- touched: seller_day
-- parameters: touched_sales, sales_days, run_at
"""
BODY = """
DELETE FROM mart.sold
USING touched_sales
WHERE day = ANY(%(sales_days)s);

-- A comment with 100 % of the reasons; and a semicolon.
INSERT INTO mart.sold (at)
SELECT %(run_at)s;
"""


def test_a_complete_file_is_a_mart() -> None:
    mart = parse_mart("sold", HEADER + BODY)
    assert mart.freshness == timedelta(hours=2)
    assert mart.inputs == {"touched_sales"}
    assert [statement.verb for statement in mart.statements] == ["delete", "insert"]
    assert not any("--" in statement.text for statement in mart.statements)


def test_months_are_touched_by_sales_and_by_traffic() -> None:
    header = HEADER.replace("touched_sales, sales_days, run_at", "touched_months")
    mart = parse_mart("sold", header + "\nINSERT INTO mart.sold\nSELECT m FROM touched_months;\n")
    assert mart.inputs == {"touched_sales", "touched_traffic"}


@pytest.mark.parametrize(
    ("change", "to", "said"),
    [
        ("-- owner: data engineering\n", "", "lacks owner"),
        ("-- owner:", "-- ownr:", "unknown header key 'ownr'"),
        ("-- owner:", "-- grain:", "twice"),
        ("-- owner: data engineering", "-- nobody", "not `-- key: value`"),
        ("2 hours", "soon", "no length of time"),
        ("seller_day", "seller_week", "unknown touched 'seller_week'"),
        (", run_at", "", "run_at is used and not declared"),
        ("run_at\n", "run_at, zone\n", "zone is declared and not used"),
        ("sales_days, run_at", "sales_day, run_at", "unknown parameter 'sales_day'"),
    ],
)
def test_a_wrong_header_is_refused(change: str, to: str, said: str) -> None:
    assert change in HEADER
    with pytest.raises(MartError, match=said):
        parse_mart("sold", HEADER.replace(change, to, 1) + BODY)


@pytest.mark.parametrize(
    ("change", "to", "said"),
    [
        ("DELETE FROM mart.sold", "TRUNCATE mart.sold", "begins with TRUNCATE"),
        ("INSERT INTO mart.sold", "INSERT INTO dwh.sold", "begins with INSERT"),
        ("INSERT INTO mart.sold (at)\nSELECT %(run_at)s;", "", "no statement inserts"),
    ],
)
def test_statements_that_are_no_refresh_are_refused(change: str, to: str, said: str) -> None:
    assert change in BODY
    with pytest.raises(MartError, match=said):
        parse_mart("sold", HEADER + BODY.replace(change, to))


def test_a_draft_is_a_mart_with_grants_and_a_test(tmp_path: Path) -> None:
    (tmp_path / "0041_marts_old.sql").touch()
    draft = draft_mart("sold_out", marts=tmp_path, migrations=tmp_path, tests=tmp_path)
    names = {path.name: text for path, text in draft.texts.items()}
    assert set(names) == {"sold_out.sql", "0042_marts_sold_out.sql", "test_sold_out.py"}
    assert parse_mart("sold_out", names["sold_out.sql"]).owner
    assert "GRANT SELECT" in names["0042_marts_sold_out.sql"]
    assert "@NAME@" not in "".join(names.values())


@pytest.mark.parametrize("name", ["Sold", "sold-out", "sold__out", "_sold", "", "s" * 41])
def test_a_draft_has_a_plain_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no name of a mart"):
        draft_mart(name, marts=tmp_path, migrations=tmp_path, tests=tmp_path)
