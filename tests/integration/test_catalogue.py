"""The catalogue says what it holds, and holds what the design promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from shopnow.deliverables import Catalogue, read_catalogue, schema_document
from shopnow.kernel import Settings, connect
from shopnow.marts import load_marts
from shopnow.sources import load_contracts

pytestmark = pytest.mark.integration

DOCUMENT = Path(__file__).parents[2] / "docs" / "schema.md"
PROMISED = {
    "security": ("seller", "seller_identifier", "seller_bridge", "seller_access"),
    "dwh": (
        "dim_seller",
        "dim_product",
        "dim_customer",
        "dim_category",
        "dim_date",
        "fact_order",
        "fact_order_header",
        "fact_payment",
        "fact_offer",
        "fact_clickstream",
    ),
    "history": (
        "seller_change",
        "product_change",
        "customer_change",
        "offer_change",
        "order_change",
        "full_delivery",
        "commission_adjustment",
        "seller_superseded",
        "product_superseded",
        "customer_superseded",
        "fact_change",
        "retie",
        "key_mark",
    ),
    "staging": ("delivery", "delivery_file", "source_reference"),
    "quality": ("reject", "cleaning", "rule_result"),
    "journal": (
        "run",
        "step",
        "event",
        "published",
        "stream_offset",
        "loader_lock",
        "seal",
        "measurement",
    ),
    "mart": (
        "seller_daily_sales",
        "marketplace_daily",
        "product_performance",
        "seller_quality",
        "seller_daily_traffic",
        "stock_daily",
    ),
    "seller": (
        "my_products",
        "my_offers",
        "my_orders",
        "my_deliveries",
        "my_rejects",
        "my_quality",
        "my_daily_sales",
        "my_daily_traffic",
    ),
    "legacy": ("dim_customer", "dim_product", "fact_order", "fact_clickstream"),
    "privacy": ("subject", "vault", "subject_record", "request", "processing"),
}


@pytest.fixture
def catalogue(warehouse: Settings) -> Catalogue:
    with connect(warehouse, "shopnow_owner") as connection:
        return read_catalogue(connection)


def test_every_table_that_the_design_names_exists(catalogue: Catalogue) -> None:
    present = {(relation.schema, relation.name) for relation in catalogue.relations}
    promised = {(schema, name) for schema, names in PROMISED.items() for name in names}
    assert promised - present == set()


def test_every_schema_table_and_column_has_a_comment(catalogue: Catalogue) -> None:
    silent = [schema for schema, comment in catalogue.schemas if not comment]
    for relation in catalogue.relations:
        name = f"{relation.schema}.{relation.name}"
        silent += [] if relation.comment else [name]
        silent += [f"{name}.{column.name}" for column in relation.columns if not column.comment]
    assert silent == []


def test_comments_are_sentences(catalogue: Catalogue) -> None:
    comments = {
        f"{relation.schema}.{relation.name}.{column.name}": column.comment or ""
        for relation in catalogue.relations
        for column in relation.columns
    }
    assert [name for name, comment in comments.items() if not comment.endswith(".")] == []


def test_every_warehouse_row_says_where_it_comes_from(catalogue: Catalogue) -> None:
    reference = {"dim_category", "dim_date"}
    without = [
        relation.name
        for relation in catalogue.relations
        if relation.schema == "dwh"
        and relation.name not in reference
        and not {"delivery_key", "record_no"} <= {column.name for column in relation.columns}
    ]
    assert without == []


def test_the_document_in_the_repository_is_that_of_the_catalogue(
    catalogue: Catalogue, warehouse: Settings
) -> None:
    text = schema_document(
        catalogue, load_contracts(warehouse.contracts_dir), load_marts(warehouse)
    )
    # Not compared line by line in the assertion: a thousand lines of difference help nobody.
    is_current = DOCUMENT.read_text(encoding="utf-8") == text
    assert is_current, "docs/schema.md is stale: run `shopnow docs`"
