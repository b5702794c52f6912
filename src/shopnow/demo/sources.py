"""The source files of the demo: what each sender declares about the files it sends.

Written as YAML in the one format of the product, every key present, so that they also serve as
examples of a mapping, a dialect and a vocabulary.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import yaml

from shopnow.demo.layouts import HOUSE_LAYOUT, Layout

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.demo.sellers import Seller

PLATFORM = "platform"
SYSTEM = "shopnow"
ZONE = "Europe/Paris"

Fields = dict[str, object]
Document = dict[str, object]

_EPOCH = "epoch_s"
_PRODUCT_STATES = ("active", "paused", "withdrawn")
_YES_NO = ("true", "false")


def source_name(seller_id: str, feed: str) -> str:
    """Name a seller's source, e.g. `s001-offers`."""
    return f"{seller_id.lower()}-{feed}"


def write_sources(
    folder: Path, sellers: tuple[Seller, ...], layouts: tuple[Layout, ...]
) -> tuple[Path, ...]:
    """Write one YAML a source under `folder/<sender>/`; `layouts[i]` is that of `sellers[i]`."""
    documents = _platform_sources()
    for seller, layout in zip(sellers, layouts, strict=True):
        documents.extend(_seller_source(seller, layout, feed) for feed in ("products", "offers"))
    return tuple(_write(folder, document) for document in documents)


def _write(folder: Path, document: Document) -> Path:
    path = folder / str(document["sender"]) / f"{document['name']}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _document(
    *,
    name: str,
    sender: str,
    feed: str,
    pattern: str,
    layout: Layout,
    records: dict[str, Fields],
    returns: Literal["negative_quantity"] | None = None,
) -> Document:
    dialect: Fields = {"encoding": layout.encoding, "decimal": layout.decimal}
    if layout.format == "csv":
        dialect = {"delimiter": layout.delimiter, **dialect, "header_line": layout.header_line}
    return {
        "name": name,
        "sender": sender,
        "system": SYSTEM,
        "feed": feed,
        "mode": "delta",
        "zone": ZONE,
        "authority": "feed",
        "order_namespace": SYSTEM,
        "format": layout.format,
        "dialect": dialect,
        "sequence": None,
        "returns": returns,
        "case_insensitive_seller": False,
        **({"categories": "house"} if feed == "products" else {}),
        "file_pattern": pattern,
        "records": records,
    }


def _seller_source(seller: Seller, layout: Layout, feed: str) -> Document:
    word = layout.file_words[0 if feed == "products" else 1]
    fields = _feed_fields(layout, feed)
    fields.setdefault("seller_id", {"const": seller.seller_id})
    if feed == "offers":
        fields.setdefault("currency", {"const": seller.currency})
    return _document(
        name=source_name(seller.seller_id, feed),
        sender=seller.seller_id,
        feed=feed,
        pattern=f"{seller.seller_id}_{word}_*{layout.suffix}",
        layout=layout,
        records={feed.removesuffix("s"): {"fields": fields}},
    )


def _feed_fields(layout: Layout, feed: str) -> Fields:
    fields: Fields = {}
    for attribute, column in layout.columns(feed).items():
        if attribute.startswith("_"):
            continue
        words = _vocabulary(layout, attribute)
        if attribute == "effective_at":
            fields[attribute] = {"path": column, "time": layout.time_kind}
        else:
            fields[attribute] = {"path": column, "words": words} if words else column
    return fields


def _vocabulary(layout: Layout, attribute: str) -> dict[str, str]:
    """Give the sender's words for ours, where they differ in more than case."""
    ours = {"status": _PRODUCT_STATES, "is_available": _YES_NO}.get(attribute, ())
    theirs = {layout.words.get(word, word): word for word in ours}
    return {word: mine for word, mine in theirs.items() if word.lower() != mine}


def _platform_sources() -> list[Document]:
    house = {feed: _feed_fields(HOUSE_LAYOUT, feed) for feed in ("products", "offers")}
    return [
        _platform("demo-sellers", "sellers", "sellers_*.csv", "csv", {"seller": _seller_fields()}),
        _platform("demo-house-products", "products", "house_products_*.csv", "csv",
                  {"product": {"fields": house["products"]}}),
        _platform("demo-house-offers", "offers", "house_offers_*.csv", "csv",
                  {"offer": {"fields": house["offers"]}}),
        _platform("demo-orders", "orders", "orders_*.ndjson", "ndjson",
                  {"order": {"fields": _order_fields()},
                   "item": {"each": "items", "fields": _item_fields()}}),
        _returns_source(),
        _platform("demo-clickstream", "clickstream", "clickstream_*.ndjson", "ndjson",
                  {"click": {"fields": _click_fields()}}),
    ]  # fmt: skip


def _platform(
    name: str,
    feed: str,
    pattern: str,
    file_format: Literal["csv", "ndjson"],
    records: dict[str, Fields],
) -> Document:
    layout = Layout(code=name, products={}, offers={}, format=file_format)
    return _document(
        name=name, sender=PLATFORM, feed=feed, pattern=pattern, layout=layout, records=records
    )


def _seller_fields() -> Fields:
    same = ("seller_id", "seller_name", "legal_id", "country", "region", "city", "status",
            "commission_pct", "category", "contact_name", "contact_email",
            "contact_phone")  # fmt: skip
    fields: Fields = {name: name for name in same}
    fields["effective_at"] = {"path": "updated_at", "time": "iso"}
    return {"fields": fields}


def _order_fields() -> Fields:
    # `timestamp` is the time of the order in every event about it; `sent_at` is when it was said.
    times = {"purchased_at": "timestamp", "said_at": "sent_at", "shipped_at": "shipped_at",
             "delivered_at": "delivered_at", "promised_at": "promised_at",
             "cancelled_at": "cancelled_at"}  # fmt: skip
    return {
        "order_id": "order_id",
        "customer_id": "customer.id",
        "customer_name": "customer.name",
        "customer_email": "customer.email",
        "customer_phone": "customer.phone",
        "customer_street": "customer.address",
        "customer_city": "customer.city",
        "customer_postal_code": "customer.postal_code",
        "customer_country": "customer.country",
        "status": "status",
        "declared_total": "total_amount",
        "currency": "currency",
        **{name: {"path": path, "time": _EPOCH} for name, path in times.items()},
    }


def _item_fields() -> Fields:
    times = {"ordered_at": "timestamp", "said_at": "sent_at", "promised_at": "promised_at",
             "delivered_at": "delivered_at"}  # fmt: skip
    return {
        "order_id": "$.order_id",
        "seller_id": {"path": ["seller_id", "vendor_id", "$.seller.seller_id"]},
        "seller_name": {"path": ["seller_name", "$.seller.name"]},
        "product_id": "product_id",
        "title": "name",
        "source_category": "category",
        "description": "description",
        "quantity": "quantity",
        "unit_price": {"path": ["unit_price", "price"]},
        "currency": "$.currency",
        "line_status": "$.status",
        **{name: {"path": f"$.{path}", "time": _EPOCH} for name, path in times.items()},
    }


def _returns_source() -> Document:
    layout = Layout(code="returns", products={}, offers={}, delimiter=";", decimal=",")
    local: Fields = {"path": "date_retour", "time": "local"}
    order: Fields = {"order_id": "numero_retour", "customer_id": "client",
                     "purchased_at": dict(local), "currency": "devise"}  # fmt: skip
    item: Fields = {"order_id": "numero_retour", "seller_id": "vendeur", "product_id": "article",
                    "quantity": "quantite", "unit_price": "prix", "currency": "devise",
                    "ordered_at": dict(local)}  # fmt: skip
    return _document(
        name="demo-returns",
        sender=PLATFORM,
        feed="orders",
        pattern="returns_*.csv",
        layout=layout,
        records={"order": {"fields": order}, "item": {"fields": item}},
        returns="negative_quantity",
    )


def _click_fields() -> Fields:
    same = ("event_id", "session_id", "user_id", "event_type", "url", "user_agent", "seller_id")
    return {
        **{name: name for name in same},
        "ip": "ip_address",
        "event_at": {"path": "timestamp", "time": _EPOCH},
    }
