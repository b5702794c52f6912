"""Orders as JSON lines in the shapes P1 to P5 of the case, built in whole columns.

The parts that repeat (a customer, a product's texts, a seller's attributes) are written as JSON
once and joined in, so that escaping is done by the JSON library and never by hand.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from shopnow.demo.orders import P2, P3, P4, P5
from shopnow.demo.randomness import epoch_text, money_text

if TYPE_CHECKING:
    from shopnow.demo.catalogue import Catalogue
    from shopnow.demo.customers import Customers
    from shopnow.demo.layouts import Row
    from shopnow.demo.orders import Orders

_TIERS = ("bronze", "silver", "gold")


def event_lines(orders: Orders, catalogue: Catalogue, customers: Customers) -> pl.DataFrame:
    """Give one row an event: arrival (day) and line (JSON text), in the order of the files."""
    whole = orders.orders.join(
        _items_of_orders(orders, catalogue), on="order", how="left", maintain_order="left"
    )
    whole = whole.with_columns(root=_seller_root(catalogue).gather(whole["owner"]))
    events = orders.events.join(
        whole.drop("arrival"), on="order", how="left", maintain_order="left"
    )
    return events.select("arrival", line=_event_text(events, customers))


def _event_text(events: pl.DataFrame, customers: Customers) -> pl.Series:
    shape = pl.col("shape")
    parts = [
        '{"event_id": "', pl.col("event_id"), '", "order_id": "SN26-',
        (pl.col("order") + 1).cast(pl.String).str.zfill(7),
        '", "customer": ', _customers_of(events, customers),
        ', "items": [', pl.col("items"), '], "total_amount": ', money_text(pl.col("total")),
        ', "currency": "', pl.col("currency"), '", "status": "', pl.col("status"), '"',
        _moment("timestamp", "at"), _moment("sent_at", "said_at"),
        _moment("promised_at", "promised"), _moment("shipped_at", "shipped"),
        _moment("delivered_at", "delivered"), _moment("cancelled_at", "cancelled"),
        pl.when(shape == P3).then(pl.lit(', "source": "marketplace"')).otherwise(pl.lit("")),
        pl.when(shape == P5).then(pl.col("root")).otherwise(pl.lit("")),
        "}",
    ]  # fmt: skip
    texts = [pl.lit(part) if isinstance(part, str) else part for part in parts]
    return events.select(pl.concat_str(texts)).to_series()


def _moment(name: str, column: str) -> pl.Expr:
    """Write a time as a further member of the object, or nothing where it is not known."""
    text = pl.concat_str(pl.lit(f', "{name}": '), epoch_text(pl.col(column)))
    return text.fill_null("")


def _customers_of(events: pl.DataFrame, customers: Customers) -> pl.Expr:
    moves_on = pl.Series(customers.moves_on).gather(events["customer"])
    moved = events["day"] >= moves_on
    before = customers.json.gather(events["customer"])
    return pl.lit(customers.moved.gather(events["customer"]).zip_with(moved, before))


def _items_of_orders(orders: Orders, catalogue: Catalogue) -> pl.DataFrame:
    """Join each order's items into the inside of one JSON array, and sum them up in cents."""
    items = orders.items.join(
        orders.orders.select("order", "shape"), on="order", how="left", maintain_order="left"
    )
    owner = pl.Series(catalogue.owner_of).gather(items["product"])
    items = items.with_columns(
        texts=_product_texts(catalogue.rows).gather(items["product"]),
        seller=_sellers_of_items(catalogue).gather(owner),
        vendor=pl.Series([one.owner_id for one in catalogue.owners]).gather(owner),
        price=money_text(pl.col("cents")),
    ).with_columns(item=_item_text())
    return items.group_by("order", maintain_order=True).agg(
        items=pl.col("item").str.join(", "),
        total=(pl.col("cents") * pl.col("quantity")).sum(),
    )


def _item_text() -> pl.Expr:
    price = pl.concat_str(pl.lit(', "price": '), pl.col("price"))
    unit_price = pl.concat_str(pl.lit(', "unit_price": '), pl.col("price"))
    vendor = pl.concat_str(pl.lit(', "vendor_id": "'), pl.col("vendor"), pl.lit('"'))
    by_shape = (
        pl.when(pl.col("shape") == P2)
        .then(price)
        .when(pl.col("shape") == P3)
        .then(pl.concat_str(price, unit_price, vendor))
        .when(pl.col("shape") == P4)
        .then(pl.concat_str(unit_price, pl.col("seller")))
        .otherwise(unit_price)
    )
    quantity = pl.concat_str(pl.lit(', "quantity": '), pl.col("quantity").cast(pl.String))
    return pl.concat_str(pl.lit("{"), pl.col("texts"), by_shape, quantity, pl.lit("}"))


def _inside(members: dict[str, str]) -> str:
    return json.dumps(members, ensure_ascii=False)[1:-1]


def _product_texts(rows: tuple[Row, ...]) -> pl.Series:
    names = {"product_id": "product_id", "name": "title", "category": "source_category",
             "description": "description"}  # fmt: skip
    return pl.Series([_inside({name: row[key] for name, key in names.items()}) for row in rows])


def _sellers_of_items(catalogue: Catalogue) -> pl.Series:
    """Write P4's copy of a seller's attributes, as a further part of an item."""
    written = []
    for owner in catalogue.owners:
        seller = owner.seller
        members = {} if seller is None else {
            "seller_id": seller.seller_id, "seller_name": seller.seller_name,
            "seller_country": seller.country, "seller_category": seller.category,
            "seller_status": seller.status,
        }  # fmt: skip
        written.append(", " + _inside(members) if members else "")
    return pl.Series(written)


def _seller_root(catalogue: Catalogue) -> pl.Series:
    """Write P5's seller of the whole order, as a further member of the root."""
    written = []
    for n, owner in enumerate(catalogue.owners):
        name = owner.seller.seller_name if owner.seller else ""
        members = {"seller_id": owner.owner_id, "name": name, "tier": _TIERS[n % len(_TIERS)]}
        written.append(', "seller": ' + json.dumps(members, ensure_ascii=False))
    return pl.Series(written)
