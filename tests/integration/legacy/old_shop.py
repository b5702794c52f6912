"""Real data as the former stream job would have stored them: its four tables, with its faults.

The job read `unit_price` and nothing else, wrote a member's row when it first met its key and never
again, knew no seller, and wrote what a replay brought once more.
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
from tests.former_warehouse import Former, Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KINDS = {"view_page", "add_to_cart", "checkout_start"}
# Olist orders that are read: the first ones, some thousands of lines.
_OLIST_ORDERS = 4_000
_STATUSES = {"canceled": "CANCELLED"}


def former_of_events(folder: Path) -> Former:
    """The events of the case through the former job; what it could not have stored is left out."""
    people: dict[str, Row] = {}
    products: dict[str, Row] = {}
    lines: list[Row] = []
    for event in _objects(folder / "orders.ndjson"):
        customer, items = event.get("customer"), event.get("items")
        at = _time(event.get("timestamp"))
        if not isinstance(customer, dict) or not isinstance(items, list) or at is None:
            continue
        if event.get("status") not in ("PLACED", "CANCELLED") or not event.get("order_id"):
            continue
        if not isinstance(customer.get("id"), str) or not customer["id"]:
            continue
        person = (customer["id"], *(customer.get(n) for n in
                  ("name", "email", "address", "city", "country")))  # fmt: skip
        if people.setdefault(customer["id"], person) and customer.get("country") is None:
            continue
        for item in filter(_is_sound, items):
            product = (item["product_id"], item["name"].strip(), item.get("category"))
            products.setdefault(item["product_id"], product)
            price = item.get("unit_price")
            lines.append(
                (event["order_id"], item["product_id"], customer["id"], item["quantity"],
                 price if isinstance(price, int | float) and price >= 0 else None,
                 event["status"], at)
            )  # fmt: skip
    clicks: list[Row] = [
        (event["event_id"], event.get("session_id"), event.get("user_id"), event.get("url"),
         event["event_type"], at)
        for event in _objects(folder / "clickstream.ndjson")
        if event.get("event_type") in _KINDS and isinstance(event.get("event_id"), str)
        and (at := _time(event.get("timestamp"))) is not None
    ]  # fmt: skip
    clicks = list({row[0]: row for row in reversed(clicks)}.values())
    return Former(
        {
            "dim_customer": list(people.values()), "dim_product": list(products.values()),
            "fact_order": lines, "fact_clickstream": clicks,
        }
    )  # fmt: skip


def former_of_olist(folder: Path) -> Former:
    """Olist's first orders in the old tables: no seller, one row an item, a status for each."""
    orders = _olist(folder, "orders").sort("order_purchase_timestamp").head(_OLIST_ORDERS)
    items = _olist(folder, "order_items").join(orders, on="order_id")
    customers = _olist(folder, "customers")
    products = _olist(folder, "products")
    lines = items.join(customers, on="customer_id").select(
        "order_id", "product_id", "customer_unique_id", pl.lit(1), pl.col("price").cast(float),
        pl.col("order_status").replace(_STATUSES).str.to_uppercase(),
        pl.col("order_purchase_timestamp").str.to_datetime("%Y-%m-%d %H:%M:%S"),
    )  # fmt: skip
    people = (
        orders.join(customers, on="customer_id")
        .unique("customer_unique_id", keep="first", maintain_order=True)
        .select(
            "customer_unique_id", *(pl.lit(None).alias(n) for n in "abc"), "customer_city",
            pl.lit("Brazil"),
        )
    )  # fmt: skip
    sold = products.join(items, on="product_id", how="semi").select(
        "product_id", pl.concat_str(pl.lit("Item "), "product_id"), "product_category_name"
    )
    clicks: list[Row] = [
        (f"E{n}", f"S{n}", None, "/", "checkout_start", row[6])
        for n, row in enumerate(lines.rows())
        if n % 3
    ]
    return Former(
        {
            "dim_customer": people.rows(), "dim_product": sold.rows(),
            "fact_order": lines.rows(), "fact_clickstream": clicks,
        }
    )  # fmt: skip


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def _is_sound(item: object) -> bool:
    return (
        isinstance(item, dict)
        and bool(item.get("product_id"))
        and isinstance(item.get("name"), str)
        and bool(item["name"].strip())
        and isinstance(item.get("quantity"), int)
        and item["quantity"] > 0
    )


def _time(value: object) -> datetime | None:
    """Whole seconds, as the former job's DATEADD(second, …) kept them."""
    if not isinstance(value, int | float) or not 1.5e9 < value < 2e9:
        return None
    return datetime.fromtimestamp(int(value), UTC).replace(tzinfo=None)


def _olist(folder: Path, name: str) -> pl.DataFrame:
    with gzip.open(folder / f"olist_{name}_dataset.csv.gz") as stream:
        return pl.read_csv(stream.read(), infer_schema=False)
