"""Every feed of the test data is onboarded by a source file alone, and loads with known counts."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, LiteralString

import polars as pl
import pytest
from tests.data import shared_data
from tests.feeds import EXAMPLES, FEEDS, Feed
from tests.figures import expected_block, prove
from tests.warehouse_state import staging_rows, unbalanced
from tests.warehouses import new_warehouse

from shopnow.kernel import FixedClock, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Conductor, Context, receive
from shopnow.sources import load_source, map_records, read_chunks, read_lookups

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.acceptance, pytest.mark.integration]

NOW = datetime(2026, 7, 1, 8, tzinfo=UTC)
OFFERS: LiteralString = """
    SELECT count(*), sum(o.unit_price), sum(o.stock_quantity), count(DISTINCT o.currency)
    FROM dwh.fact_offer AS o
    JOIN staging.delivery AS d USING (delivery_key)
    WHERE d.source = %s
"""


@pytest.fixture(scope="module")
def loaded(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A warehouse into which every feed was delivered, and one run made."""
    shared_data("feeds")
    home = tmp_path_factory.mktemp("feeds") / "home"
    settings = new_warehouse(test_server, home, "feeds")
    with connect(settings) as conn:
        conn.execute(
            "INSERT INTO dwh.dim_category (category_id, path_fr, path_en, level, taxonomy_version)"
            " VALUES ('en:snacks', 'Snacks', 'Snacks', 1, 'test'),"
            " ('en:groceries', 'Épicerie', 'Groceries', 1, 'test')"
        )
    with Context.open(settings, FixedClock(NOW)) as context:
        sellers = context.learn(EXAMPLES / "sellers.yaml")
        receive(context, sellers, [EXAMPLES / "sellers.csv"])
        assert Conductor(context).run().published
        for feed in FEEDS:
            source = context.learn(EXAMPLES / f"{feed.source}.yaml")
            receive(context, source, [shared_data(feed.path)])
        report = Conductor(context).run()
        assert (report.refused, report.failed, report.held) == ({}, {}, {})
    yield settings
    drop_database(test_server, settings.database)


def _rows(settings: Settings, question: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    with connect(settings) as conn:
        return conn.execute(question, values).fetchall()


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.source)
def test_a_feed_is_loaded_with_its_counts(loaded: Settings, feed: Feed) -> None:
    name = f"feeds-{feed.source}"
    [counts] = _rows(
        loaded,
        "SELECT state, lines, blank, unreadable, records, accepted, rejected, delivery_key"
        " FROM staging.delivery WHERE source = %s",
        name,
    )
    accepted = feed.records - feed.rejected
    assert counts[:-1] == (
        "published", feed.lines, feed.blank, 0, feed.records, accepted, feed.rejected,
    )  # fmt: skip
    rejects = _rows(
        loaded,
        "SELECT code, count(*) FROM quality.reject CROSS JOIN unnest(rule_codes) AS r (code)"
        " WHERE delivery_key = %s GROUP BY code",
        counts[-1],
    )
    assert dict(rejects) == feed.rejects
    warnings = _rows(
        loaded,
        "SELECT rule_code, count(*) FROM quality.warning WHERE delivery_key = %s GROUP BY 1",
        counts[-1],
    )
    assert dict(warnings) == feed.warnings


def test_nothing_is_lost_and_nothing_left_over(loaded: Settings) -> None:
    assert unbalanced(loaded) == []
    assert staging_rows(loaded) == 0
    figures: dict[str, float] = {}
    for source, *counts in _rows(
        loaded,
        "SELECT source, lines, records, accepted, rejected FROM staging.delivery ORDER BY source",
    ):
        for name, count in zip(("lines", "records", "accepted", "rejected"), counts, strict=True):
            figures[f"{source}: {name}"] = count
    prove(
        "feeds",
        "C16-12, CAS-2: every feed at hand is onboarded by a source file alone",
        figures,
        test_nothing_is_lost_and_nothing_left_over,
    )


def test_every_feed_of_the_folder_has_its_source(loaded: Settings) -> None:
    named = {shared_data(feed.path).name for feed in FEEDS}
    there = {path.name for path in shared_data("feeds").iterdir()}
    assert there - named == {"bmecat-LICENSE-MIT.txt"}
    assert {path.stem for path in EXAMPLES.glob("*.yaml")} == {f.source for f in FEEDS} | {
        "sellers"
    }


@pytest.mark.parametrize(
    ("source", "offers", "prices", "stock"),
    [
        ("shopify-apparel", 22, "1295.0", None),
        ("shopify-home", 21, "2345.84", None),
        ("workbook", 200, "127479.0", None),
        ("clictill", 40, "807.2", 419),
    ],
)
def test_prices_in_the_warehouse_add_up(
    loaded: Settings, source: str, offers: int, prices: str, stock: int | None
) -> None:
    [found] = _rows(loaded, OFFERS, f"feeds-{source}")
    assert found[:2] == (offers, Decimal(prices))
    assert stock is None or found[2] == stock
    assert found[3] == 1


def test_orders_add_up(loaded: Settings) -> None:
    block = expected_block("feeds_dev")
    [found] = _rows(
        loaded,
        "SELECT count(DISTINCT order_id), count(*), sum(quantity * unit_price)"
        " FROM dwh.fact_order WHERE order_id LIKE 'amazon:%%'",
    )
    place = "orders_amazon_sp_api.jsonl"
    assert found == tuple(
        block[f"{place}.{name}"] for name in ("distinct_orders", "lines", "sum_item_total")
    )
    words = {"Canceled": "cancelled", "Unshipped": "paid"}
    statuses = dict(
        _rows(loaded, "SELECT status, count(*) FROM dwh.fact_order_header GROUP BY status")
    )
    for word in ("Canceled", "Delivered", "Returned", "Shipped", "Unshipped"):
        assert statuses[words.get(word, word.lower())] == block[f"{place}.statuses.{word}"]


def test_accents_and_lists_in_cells_arrive_right(loaded: Settings) -> None:
    [title] = _rows(
        loaded,
        "SELECT title FROM dwh.dim_product WHERE product_id = 'NKS-00001' AND is_current",
    )
    assert title == ("Table ovale pin piétement acier noir mat",)
    prices = _rows(
        loaded,
        "SELECT unit_price, currency, stock_quantity, is_available FROM dwh.fact_offer"
        " WHERE product_id = 'offer2'",
    )
    assert prices == [(Decimal("101.60"), "EUR", 0, True)]


def _mapped(feed: Feed, kind: str) -> pl.DataFrame:
    """The records of one kind as mapped, before anybody judges them."""
    source = load_source(EXAMPLES / f"{feed.source}.yaml")
    path = shared_data(feed.path)

    def opened(name: str | None) -> Path:
        of = {file.name: file.pattern for file in source.files}
        return path / of[name] if name else path

    lookups = read_lookups(source, lambda file: opened(file.name).open("rb"))
    main = source.main_files[0].name if source.is_bundle else None
    with opened(main).open("rb") as stream:
        parts = [
            map_records(chunk, source, main, lookups)[kind]
            for chunk in read_chunks(stream, source, main, {})
        ]
    return pl.concat(parts)


@pytest.mark.parametrize(
    ("source", "place", "price", "count"),
    [
        ("shopify-apparel", "shopify_apparel.csv", "sum_variant_price", "csv_records"),
        ("shopify-home", "shopify_home-and-garden.csv", "sum_variant_price", "csv_records"),
        ("shopify-bicycles", "shopify_bicycles.csv", "sum_variant_price",
         "records_with_variant_price"),
        ("workbook", "supplier_catalog_nordika_200.xlsx", "sum_price_eur_numeric", "records"),
        ("clictill", "made_clictill_stock_cp1252.csv", "sum_prix_ttc", "records"),
        ("mirakl-offers", "made_mirakl_offers.csv", "sum_price", "records"),
        ("google-merchant", "google_merchant_demo_store.xml", None, "records"),
        ("bmecat", "bmecat12_new_catalog.xml", None, "records"),
        ("thirtybees", "thirtybees_products_import.csv", None, "records"),
        ("spryker-offers", "spryker_marketplace/merchant_product_offer.csv", None, "records"),
        ("amazon-flat-file", "made_amazon_flatfile_offer.txt", None, "records"),
    ],
)  # fmt: skip
def test_what_is_read_is_what_the_readme_counts(
    source: str, place: str, price: str | None, count: str
) -> None:
    feed = next(feed for feed in FEEDS if feed.source == source)
    block = expected_block("feeds_dev")
    offers = _mapped(feed, "offer")
    assert offers.height == block[f"{place}.{count}"]
    if price:
        texts = offers["unit_price"].str.replace(",", ".")
        assert sum(Decimal(text) for text in texts if text) == block[f"{place}.{price}"]


def test_barcodes_of_the_food_sample_are_judged(loaded: Settings) -> None:
    block = expected_block("openfoodfacts_dev")
    valid = block["valid_gtin_length_8_12_13_14_and_check_digit"]
    [bad] = _rows(
        loaded,
        "SELECT count(*) FROM quality.reject JOIN staging.delivery AS d"
        " USING (delivery_key) WHERE d.source = 'feeds-open-food-facts'"
        " AND 'bad_gtin' = ANY (rule_codes)",
    )
    assert bad == (int(str(block["rows"])) - int(str(valid)),)
    food = next(feed for feed in FEEDS if feed.source == "open-food-facts")
    products = _mapped(food, "product")
    assert products.height == block["rows"]
    assert int((products["source_category"] == "").sum()) == block["empty.categories"]
    # Two of the sample's own categories are in the tree: the records that name another are told.
    named = products.filter(
        (pl.col("title") != "")
        & (pl.col("category_id") != "")
        & (pl.col("source_category").str.len_chars() <= 300)
    )
    known = named["category_id"].is_in(["en:snacks", "en:groceries"]).sum()
    assert named.height - known - bad[0] == food.warnings["unknown_category"]
    [categories] = _rows(
        loaded,
        "SELECT count(*) FROM dwh.dim_product WHERE category_id LIKE 'en:%%' AND is_current",
    )
    assert categories == (known,)
