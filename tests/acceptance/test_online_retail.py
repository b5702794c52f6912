"""Online Retail II: a shop's flat lines without numbers; two years that share nine days load once.

The whole files take minutes and are marked slow; the small cut, read as CSV through the same
mapping, is in every run.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import yaml
from tests.data import shared_data
from tests.figures import (
    Figure,
    coverage,
    differences,
    expected_block,
    measure_all,
    prove,
    uncovered,
)
from tests.marketplace import copy_of
from tests.warehouses import new_warehouse

from shopnow.kernel import FixedClock, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Conductor, Context, RunReport, receive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.acceptance, pytest.mark.integration]

PRICES = "online_retail/given_prices"
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "online-retail" / "orders.yaml"
STATEMENTS = Path(__file__).parent / "figures" / "online_retail"
FIRST_YEAR = "online-retail/online_retail_ii_2009-12_2010-12.parquet"
SECOND_YEAR = "online-retail/online_retail_2010-12_2011-12.parquet"
SMALL_CUT = "online-retail/online_retail_ii_small.csv.gz"
NOW = datetime(2012, 1, 1, tzinfo=UTC)
NAMES = {
    "GB": "United Kingdom", "IE": "EIRE", "DE": "Germany", "NL": "Netherlands", "FR": "France",
    "NO": "Norway", "SE": "Sweden", "DK": "Denmark", "ES": "Spain", "CH": "Switzerland",
    "BE": "Belgium", "AU": "Australia",
}  # fmt: skip

FIGURES = (
    Figure("", "online_retail/rows", "row"),
    Figure("distinct", "online_retail/distinct_members", "row"),
    Figure("quality", "online_retail/quality", "row"),
    Figure(
        "quality.exact_duplicate_rows_beyond_first_ignoring_row_no",
        "online_retail/repeated_lines",
        "value",
    ),
    Figure("quality.stock_codes_differing_only_by_case", "online_retail/codes_by_case", "value"),
    Figure("revenue", "online_retail/revenue", "row"),
    Figure("gross_sales_per_month", "online_retail/gross_sales_per_month", "pairs"),
    Figure("invoices_per_month", "online_retail/invoices_per_month", "pairs"),
    Figure("gross_sales_top10_countries", "online_retail/top10_countries", "lists", NAMES),
    Figure("scd2.price_sales_rows", "online_retail/price_summary", "row", given=PRICES),
    Figure(
        "scd2.price_sales_rows.distribution_versions_to_keys",
        "online_retail/price_distribution",
        "pairs",
        given=PRICES,
    ),
    Figure("scd2.price_sales_rows.top", "online_retail/price_top", "records", given=PRICES),
)
_TITLE = "a title is of type 1: the product has its last one, a line has none"
NOT_HELD = {
    "scope": "a sentence, not a figure",
    "revenue.gross_sales_rows_definition": "a sentence, not a figure",
    "scd2.ordering": "a sentence, not a figure",
    "scd2.description_strip": "a sentence, not a figure",
    "quality.missing_description": _TITLE,
    "scd2.description_non_null_all_rows": _TITLE,
    "scd2.description_sales_rows_trimmed": _TITLE,
}


def _load(settings: Settings, mapping: Path, file: Path) -> RunReport:
    with Context.open(settings, FixedClock(NOW)) as context:
        receive(context, context.learn(mapping), [file])
        report = Conductor(context).run()
    # The figures' joins are planned at once, before the server has looked at the new tables.
    with connect(settings, "shopnow_owner") as conn:
        conn.execute("ANALYZE")
    return report


def _counts(settings: Settings, delivery_key: int) -> dict[str, int]:
    names = ("lines", "records", "accepted", "rejected", "duplicate", "superseded", "held",
             "blank", "unreadable")  # fmt: skip
    text = (STATEMENTS / "delivery_counts.sql").read_bytes()
    with connect(settings) as conn:
        row = conn.execute(text, {"delivery_key": delivery_key}).fetchone()
    assert row is not None
    return dict(zip(names, row, strict=True))


# -- the small cut -----------------------------------------------------------------------------


def _csv_mapping(folder: Path) -> Path:
    """The example's mapping for a CSV file with the same columns."""
    source: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    source |= {
        "format": "csv",
        "dialect": {"delimiter": ",", "encoding": "utf-8"},
        "file_pattern": "online_retail*.csv.gz",
    }
    path = folder / "orders.yaml"
    path.write_text(yaml.safe_dump(source, allow_unicode=True), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def small(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Give a warehouse with the small cut: look, do not load into it."""
    file = shared_data(SMALL_CUT)
    folder = tmp_path_factory.mktemp("retail-small")
    settings = new_warehouse(test_server, folder / "home", "retail_small")
    report = _load(settings, _csv_mapping(folder), file)
    assert (report.published, report.refused, report.failed) == ([1], {}, {})
    yield settings
    drop_database(test_server, settings.database)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.statement)
def test_figures_of_the_small_cut(small: Settings, figure: Figure) -> None:
    assert differences(figure.measure(small), expected_block("online_retail_small_cut")) == []


def test_no_figure_of_the_small_cut_is_left_out(small: Settings) -> None:
    expected = expected_block("online_retail_small_cut")
    measured = measure_all(FIGURES, small)
    assert uncovered(expected, measured, NOT_HELD) == []
    assert differences(measured, expected) == []
    criterion = "Online Retail II, small cut: every figure that a warehouse can hold, from dwh"
    counts = coverage(measured, expected)
    prove(
        "online-retail-small",
        criterion,
        counts,
        test_no_figure_of_the_small_cut_is_left_out,
        NOT_HELD,
    )


def test_no_line_of_the_small_cut_is_rejected(small: Settings) -> None:
    counts = _counts(small, 1)
    # The header line counts as blank; negative quantities and prices are returns and adjustments.
    assert counts["lines"] - counts["blank"] == counts["records"] == counts["accepted"] == 66310


# -- the whole files ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def first_year(
    test_server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Give a warehouse with the year 2009-2010: look, do not load into it."""
    file = shared_data(FIRST_YEAR)
    settings = new_warehouse(test_server, tmp_path_factory.mktemp("retail") / "home", "retail")
    report = _load(settings, EXAMPLE, file)
    assert (report.published, report.refused, report.failed) == ([1], {}, {})
    yield settings
    drop_database(test_server, settings.database)


@pytest.fixture(scope="module")
def both_years(
    first_year: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Give a copy of that warehouse with the year 2010-2011 on top."""
    file = shared_data(SECOND_YEAR)
    settings = copy_of(first_year, tmp_path_factory.mktemp("retail-both") / "home")
    report = _load(settings, EXAMPLE, file)
    assert (report.published, report.refused, report.failed) == ([2], {}, {})
    yield settings
    drop_database(first_year, settings.database)


@pytest.mark.slow
def test_the_first_year_gives_every_figure(first_year: Settings) -> None:
    expected = expected_block("online_retail_2009_2010")
    measured = measure_all(FIGURES, first_year)
    assert uncovered(expected, measured, NOT_HELD) == []
    assert differences(measured, expected) == []
    criterion = "Online Retail II 2009-2010: every figure that a warehouse can hold, from dwh"
    counts = coverage(measured, expected)
    prove(
        "online-retail-2009-2010",
        criterion,
        counts,
        test_the_first_year_gives_every_figure,
        NOT_HELD,
    )


@pytest.mark.slow
def test_days_that_both_years_hold_load_once(both_years: Settings) -> None:
    """The second file repeats 1,088 invoices, line for line: 22,523 lines of 2010-12-01 to 09."""
    first = pl.read_parquet(shared_data(FIRST_YEAR)).drop("row_no")
    second = pl.read_parquet(shared_data(SECOND_YEAR)).drop("row_no")
    again = second.join(first.select("Invoice").unique(), on="Invoice", how="semi")
    before = first.join(second.select("Invoice").unique(), on="Invoice", how="semi")
    # That the overlap is exact is a fact of the data: nothing in it is missing or otherwise.
    assert again.sort(again.columns).equals(before.sort(before.columns))
    assert (again.height, again["Invoice"].n_unique()) == (22523, 1088)
    counts = _counts(both_years, 2)
    assert counts["records"] == second.height == 541909
    assert (counts["accepted"], counts["duplicate"]) == (second.height - again.height, again.height)
    assert counts["rejected"] == counts["superseded"] == counts["held"] == 0
    fresh = second.join(first.select("Invoice").unique(), on="Invoice", how="anti")
    union = pl.concat([first, fresh])
    with connect(both_years) as conn:
        row = conn.execute((STATEMENTS / "totals.sql").read_bytes()).fetchone()
    assert row == (
        union.height,
        union["Invoice"].n_unique(),
        union["Customer ID"].drop_nulls().n_unique(),
        union["StockCode"].str.strip_chars().n_unique(),
        union["Quantity"].sum(),
        _money(union),
    )
    criterion = "Online Retail II: the days that both years' files hold are loaded once"
    counts |= {"invoices in both files": 1088, "lines of the union": union.height}
    prove("online-retail-both", criterion, counts, test_days_that_both_years_hold_load_once)


def _money(lines: pl.DataFrame) -> Decimal:
    """Quantity times price, exactly, of prices in their shortest decimal form."""
    units = lines.group_by(pl.col("Price").cast(pl.String)).agg(pl.col("Quantity").sum())
    return sum((Decimal(price) * quantity for price, quantity in units.rows()), Decimal(0))


@pytest.mark.slow
def test_the_second_year_again_is_a_duplicate(both_years: Settings) -> None:
    with Context.open(both_years, FixedClock(NOW)) as context:
        source = context.source("online-retail-orders")
        receipt = receive(context, source, [shared_data(SECOND_YEAR)])
    assert (receipt.verdict, receipt.delivery_key) == ("duplicate", None)
