"""The sellers' feeds of the test data: their sources, their files, and what loading them gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "feeds"


@dataclass(frozen=True)
class Feed:
    """One source of `examples/feeds` and its file (or folder) among the test data.

    `lines`, `blank`, `records`: as counted by the delivery; `rejects`: rule code to records that
    carry it; `rejected`: records that carry any; `warnings`: rule code to warnings.
    """

    source: str
    path: str
    lines: int
    blank: int
    records: int
    rejected: int = 0
    rejects: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)


FEEDS = (
    Feed("shopify-apparel", "feeds/shopify_apparel.csv", 23, 1, 44),
    Feed("shopify-home", "feeds/shopify_home-and-garden.csv", 22, 1, 42),
    # 278 lines are one more picture of the product before them; 58 of 376 barcodes lost their
    # leading zeros, 3 are wrong, and 23 variants have sold more than they had.
    Feed(
        "shopify-bicycles", "feeds/shopify_bicycles.csv", 1400, 1 + 278, 2 * 1121, 29,
        {"bad_gtin": 3, "parent_rejected": 3, "negative_value": 23},
        {"near_duplicate_product": 70},
    ),
    Feed("google-merchant", "feeds/google_merchant_demo_store.xml", 42, 0, 84),
    # The sample's only article has a barcode whose check digit is wrong.
    Feed(
        "bmecat", "feeds/bmecat12_new_catalog.xml", 1, 0, 2, 2,
        {"bad_gtin": 1, "parent_rejected": 1},
    ),
    # 38 articles of 200 have the title and the brand of another one.
    Feed(
        "workbook", "feeds/supplier_catalog_nordika_200.xlsx", 201, 1, 400,
        warnings={"near_duplicate_product": 38},
    ),
    Feed("amazon-orders", "feeds/orders_amazon_sp_api.jsonl", 496, 0, 496 + 641),
    # All seven carry the barcode 1234567890123.
    Feed(
        "thirtybees", "feeds/thirtybees_products_import.csv", 8, 1, 14, 14,
        {"bad_gtin": 7, "parent_rejected": 7},
    ),
    Feed("spryker-merchants", "feeds/spryker_marketplace", 8, 1, 7),
    Feed("spryker-offers", "feeds/spryker_marketplace", 141, 1, 140),
    Feed("clictill", "feeds/made_clictill_stock_cp1252.csv", 41, 1, 80),
    Feed("mirakl-offers", "feeds/made_mirakl_offers.csv", 61, 1, 60),
    Feed("amazon-flat-file", "feeds/made_amazon_flatfile_offer.txt", 42, 2, 40),
    # 490 barcodes, one of them wrong; 11 products without a name, one whose categories are over 300
    # letters long.
    Feed(
        "open-food-facts", "catalogue/openfoodfacts_sample_dev.tsv.gz", 491, 1, 490, 13,
        {"bad_gtin": 1, "missing_value": 11, "too_long": 1},
        {"unknown_category": 379},
    ),
)  # fmt: skip
