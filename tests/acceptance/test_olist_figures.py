"""Olist: the orders until 2017 give the published figures, those of 2018 load on top.

Every figure of the block is computed from `dwh` or stands in NOT_HELD with its reason; a figure
that is neither fails the completeness test.  Money is compared exactly.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
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

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "olist"
# The export has no date of its own: the sellers are said as of the start of each year's load.
FIRST = datetime(2016, 1, 1, tzinfo=UTC)
SECOND = datetime(2018, 1, 1, tzinfo=UTC)
NOW = datetime(2018, 11, 1, tzinfo=UTC)

FIGURES = (
    Figure("row_counts", "olist/row_counts", "row"),
    Figure("orders_per_month", "olist/orders_per_month", "pairs"),
    Figure("orders_per_status", "olist/orders_per_status", "pairs"),
    Figure("items", "olist/items", "row"),
    Figure("revenue_price_per_month", "olist/revenue_price_per_month", "pairs"),
    Figure("top20_sellers_by_price_all_statuses", "olist/top20_sellers_all", "records"),
    Figure("top20_sellers_by_price_delivered_only", "olist/top20_sellers_delivered", "records"),
    Figure("top20_categories_by_price", "olist/top20_categories", "records"),
    Figure("revenue_price_items_without_category", "olist/items_without_category", "row"),
    Figure("seller_state_revenue_top10", "olist/seller_state_top10", "records"),
    Figure("payments", "olist/payments", "row"),
    Figure("payments.by_type", "olist/payments_by_type", "pairs"),
    Figure("reconciliation", "olist/reconciliation", "row"),
    Figure("quality", "olist/quality_headers", "row"),
    Figure("quality", "olist/quality_lines", "row"),
    Figure("quality", "olist/quality_members", "row"),
    Figure("offer_price_scd2", "olist/scd2_summary", "row", given="olist/given_prices"),
    Figure(
        "offer_price_scd2.distribution_versions_to_offers",
        "olist/scd2_distribution",
        "pairs",
        given="olist/given_prices",
    ),
    Figure("offer_price_scd2.top20", "olist/scd2_top20", "records"),
)
NOT_HELD = {
    "scope": "a sentence, not a figure",
    "offer_price_scd2.definition": "a sentence, not a figure",
    "row_counts.olist_order_reviews_dataset": "reviews are no feed of this warehouse",
    "row_counts.olist_geolocation_dataset": "coordinates of zip codes are no feed",
    "reviews": "reviews are no feed of this warehouse",
    "quality.orders_without_review": "reviews are no feed of this warehouse",
    "quality.orphan_reviews_no_order": "reviews are no feed of this warehouse",
    "quality.duplicate_customer_id": "the number of a customer in an order is a lookup key of"
    " the export; the person is customer_unique_id",
    "quality.customer_unique_id_with_several_zip_prefixes": "of a postal code two characters"
    " are kept (privacy)",
    "quality.customer_zip_prefix_without_geolocation": "of a postal code two characters are kept",
    "quality.seller_zip_prefix_without_geolocation": "a seller's place is its city and region",
    "quality.products_missing_weight": "weights and sizes are no attributes of a product here",
    "quality.products_zero_weight": "weights and sizes are no attributes of a product here",
    "quality.product_categories_not_in_translation": "the translation is no feed: categories"
    " stay the sender's words",
    "quality.products_with_category_not_in_translation": "the translation is no feed",
    "top20_categories_by_price[*].category_en": "the translation is no feed",
}


@pytest.fixture(scope="module")
def until_2017(
    test_server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Give a warehouse with Olist until 2017: look, do not load into it."""
    folder = shared_data("olist")
    home = tmp_path_factory.mktemp("olist") / "home"
    settings = new_warehouse(test_server, home, "olist")
    report = _load(settings, folder, FIRST)
    assert (report.published, report.refused, report.failed) == ([1, 2], {}, {})
    yield settings
    drop_database(test_server, settings.database)


@pytest.fixture(scope="module")
def with_2018(until_2017: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Give a copy of that warehouse with the orders of 2018 on top."""
    folder = shared_data("olist-2018")
    settings = copy_of(until_2017, tmp_path_factory.mktemp("olist-2018") / "home")
    report = _load(settings, folder, SECOND)
    assert (report.published, report.refused, report.failed) == ([3, 4], {}, {})
    yield settings
    drop_database(until_2017, settings.database)


def _load(settings: Settings, folder: Path, sellers_at: datetime) -> RunReport:
    """Receive the sellers' file and the orders' bundle of a year, and run."""
    with Context.open(settings, FixedClock(NOW)) as context:
        sellers = context.learn(EXAMPLES / "sellers.yaml")
        orders = context.learn(EXAMPLES / "orders.yaml")
        file = folder / "olist_sellers_dataset.csv.gz"
        receive(context, sellers, [file], effective_at=sellers_at)
        receive(context, orders, [folder])
        report = Conductor(context).run()
    # The figures' joins are planned at once, before the server has looked at the new tables.
    with connect(settings, "shopnow_owner") as conn:
        conn.execute("ANALYZE")
    return report


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.statement)
def test_figures_until_2017(until_2017: Settings, figure: Figure) -> None:
    assert differences(figure.measure(until_2017), expected_block("olist_until_2017")) == []


def test_no_figure_is_left_out(until_2017: Settings) -> None:
    expected = expected_block("olist_until_2017")
    measured = measure_all(FIGURES, until_2017)
    assert uncovered(expected, measured, NOT_HELD) == []
    assert differences(measured, expected) == []
    criterion = "Olist until 2017 reproduces every figure that a warehouse can hold, from dwh"
    prove(
        "olist-2017", criterion, coverage(measured, expected), test_no_figure_is_left_out, NOT_HELD
    )


@dataclass(frozen=True)
class Totals:
    """What orders, lines and payments come to."""

    orders: int
    lines: int
    price: Decimal
    freight: Decimal
    payments: int
    paid: Decimal
    people: int
    sellers: int
    products: int


def _of_files(*folders: Path) -> Totals:
    """The totals of export folders together, read by another engine than the pipeline."""

    def table(name: str) -> pl.DataFrame:
        parts = [
            pl.read_csv(folder / f"olist_{name}_dataset.csv.gz", infer_schema=False)
            for folder in folders
        ]
        return pl.concat(parts)

    def money(values: pl.Series) -> Decimal:
        return sum((Decimal(text) for text in values.to_list()), Decimal(0))

    orders, items, payments = table("orders"), table("order_items"), table("order_payments")
    people = orders.join(table("customers"), on="customer_id")["customer_unique_id"]
    return Totals(
        orders.height, items.height, money(items["price"]), money(items["freight_value"]),
        payments.height, money(payments["payment_value"]), people.n_unique(),
        table("sellers")["seller_id"].n_unique(), items["product_id"].n_unique(),
    )  # fmt: skip


def _of_warehouse(settings: Settings) -> Totals:
    text = (Path(__file__).parent / "figures" / "olist" / "totals.sql").read_bytes()
    with connect(settings) as conn:
        row = conn.execute(text).fetchone()
    assert row is not None
    return Totals(*row)


def test_2018_adds_up_on_top_of_2017(with_2018: Settings) -> None:
    totals = _of_warehouse(with_2018)
    assert totals == _of_files(shared_data("olist"), shared_data("olist-2018"))
    criterion = "Olist 2018 loads on top of 2017: totals of dwh equal those of the files"
    counts = {name: float(value) for name, value in asdict(totals).items()}
    prove("olist-2018", criterion, counts, test_2018_adds_up_on_top_of_2017)


def test_every_record_has_one_outcome_and_none_is_rejected(with_2018: Settings) -> None:
    with connect(with_2018) as conn:
        rows = conn.execute(
            "SELECT delivery_key, lines, records, accepted, rejected, duplicate, superseded,"
            " held, blank, unreadable FROM staging.delivery ORDER BY delivery_key"
        ).fetchall()
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    for _, lines, records, accepted, rejected, duplicate, superseded, held, blank, bad in rows:
        assert accepted + rejected + duplicate + superseded + held == records
        assert records + blank + bad == lines
        # Nothing in these files is beyond use, and nothing is said twice.
        assert (rejected, duplicate, superseded, held, bad) == (0, 0, 0, 0, 0)
        assert accepted == records


def test_sellers_known_already_keep_their_number_and_gain_no_version(
    until_2017: Settings, with_2018: Settings
) -> None:
    numbers = "SELECT seller_id, seller_no FROM dwh.dim_seller WHERE seller_no > 0"
    with connect(until_2017) as before, connect(with_2018) as after:
        known: dict[str, int] = dict(before.execute(numbers).fetchall())
        now = after.execute(numbers).fetchall()
        versions = after.execute("SELECT max(version) FROM dwh.dim_seller").fetchone()
    # The rows of known sellers are the same in both files: no version may come of them.
    assert versions == (1,)
    assert len(now) == len(dict(now)) == 3095
    assert known.items() <= dict(now).items()


def test_the_bundle_of_2018_again_is_a_duplicate(with_2018: Settings) -> None:
    with Context.open(with_2018, FixedClock(NOW)) as context:
        source = context.source("olist-orders")
        receipt = receive(context, source, [shared_data("olist-2018")])
    assert (receipt.verdict, receipt.delivery_key) == ("duplicate", None)
