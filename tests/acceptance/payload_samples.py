"""One synthetic sample of each payload shape P1 to P17, and the star rows that must come of it.

`golden` maps a question (see `QUESTIONS` of the test) to the rows that answer it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Event = dict[str, Any]
Rows = list[tuple[Any, ...]]

SECONDS = 1764590964.509282
AT = datetime(2025, 12, 1, 12, 9, 24, 509282, tzinfo=UTC)
ISO = "2025-12-01T13:09:24.509282+01:00"
RUN_AT = datetime(2025, 12, 20, 12, tzinfo=UTC)
ALWAYS = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sample:
    """Events of one shape, the example source that reads them, and what they become."""

    shape: str
    source: str
    events: tuple[Event, ...]
    golden: dict[str, Rows]
    counts: tuple[int, int, int] = (0, 0, 0)


def _order(items: list[Event], **more: object) -> Event:
    return {
        "event_id": "e-1", "order_id": "o-1",
        "customer": {
            "id": "c-1", "name": "Nom Exemple", "email": "nom@example.org",
            "address": "1 rue de l'Exemple", "city": "Lille", "country": "France",
        },
        "items": items, "total_amount": 45.5, "currency": "USD", "status": "PLACED",
        "timestamp": SECONDS, **more,
    }  # fmt: skip


def _goods(price_key: str, **more: object) -> list[Event]:
    return [
        {"product_id": "p-1", "name": "Bol bleu", "category": "Home", "description": "Un bol.",
         price_key: 12.5, "quantity": 3, **more},
        {"product_id": "p-2", "name": "Carnet", "category": "Books", "description": "Un carnet.",
         price_key: 8, "quantity": 1, **more},
    ]  # fmt: skip


def _lines(seller: str) -> Rows:
    return [
        (seller, "shopnow:o-1", 1, "p-1", 3, Decimal("12.5"), "USD", AT, "placed", "FR"),
        (seller, "shopnow:o-1", 2, "p-2", 1, Decimal(8), "USD", AT, "placed", "FR"),
    ]


def _headers(**changed: object) -> Rows:
    row = {
        "order_id": "shopnow:o-1", "status": "placed", "purchased_at": AT,
        "declared": Decimal("45.5"), "computed": Decimal("45.5"), "currency": "USD",
        "is_complete": True, "is_known": True,
    } | changed  # fmt: skip
    return [tuple(row.values())]


def _products(seller: str, *, described: bool = True) -> Rows:
    texts = ("Un bol.", "Un carnet.") if described else (None, None)
    return [
        (seller, "p-1", "Bol bleu", texts[0], "Home", False),
        (seller, "p-2", "Carnet", texts[1], "Books", False),
    ]


_CUSTOMERS: Rows = [("FR", "Lille", False)]
_SELLER_ITEM = {
    "seller_id": "s-1", "seller_name": "Tramontane", "seller_country": "Switzerland",
    "seller_category": "Clothing", "seller_status": "SUSPENDED",
}  # fmt: skip

P1 = Sample(
    "P1", "orders", (_order(_goods("unit_price")),),
    {
        "lines": _lines("SHOPNOW"), "headers": _headers(),
        "products": _products("SHOPNOW"), "customers": _CUSTOMERS, "sellers": [],
    },
    counts=(3, 0, 0),
)  # fmt: skip
P2 = Sample("P2", "orders", (_order(_goods("price")),), P1.golden, counts=(3, 0, 0))
P3 = Sample(
    "P3", "orders",
    (
        _order(
            [
                item | {"unit_price": item["price"], "vendor_id": "TRASAS32"}
                for item in _goods("price")
            ],
            source="marketplace",
        ),
    ),
    {
        "lines": _lines("TRASAS32"), "headers": _headers(),
        "products": _products("TRASAS32"), "customers": _CUSTOMERS,
        "sellers": [("TRASAS32", None, None, None, None, ALWAYS, True)],
    },
    counts=(3, 0, 0),
)  # fmt: skip
P4 = Sample(
    "P4", "orders", (_order(_goods("unit_price", **_SELLER_ITEM)),),
    {
        "lines": _lines("S-1"), "headers": _headers(),
        "products": _products("S-1"), "customers": _CUSTOMERS,
        # Of a seller, orders say the name alone: never status, country or category.
        "sellers": [("S-1", "Tramontane", None, None, None, AT, False)],
    },
    counts=(3, 0, 0),
)  # fmt: skip
P5 = Sample(
    "P5", "orders",
    (_order(_goods("unit_price"), seller={"seller_id": "s-1", "name": "Tramontane",
                                          "tier": "gold"}),),
    P4.golden,
    counts=(3, 0, 0),
)  # fmt: skip
P6 = Sample(
    "P6", "orders",
    (
        _order(
            [
                {"product_id": "p-1", "seller_id": "s-1", "name": "Bol bleu", "category": "Home",
                 "unit_price": 12.5, "stock": 40, "quantity": 3},
                {"product_id": "", "seller_id": "s-1", "name": "Carnet", "category": "Books",
                 "unit_price": 8, "stock": 7, "quantity": 1},
                {"product_id": "p-3", "seller_id": None, "name": "Lampe", "category": "Home",
                 "unit_price": "gratuit", "stock": 2, "quantity": 1},
            ]
        ),
    ),
    {
        "lines": _lines("S-1")[:1],
        "headers": _headers(computed=Decimal("37.5"), is_complete=False),
        "products": _products("S-1", described=False)[:1],
        "customers": _CUSTOMERS,
        "sellers": [("S-1", None, None, None, None, ALWAYS, True)],
        "rejects": [(1, "item", ["missing_value"]), (1, "item", ["not_a_number"])],
    },
    counts=(2, 2, 0),
)  # fmt: skip
P7 = Sample(
    "P7", "orders",
    (
        {
            "event_type": "order", "event_id": "e-7", "order_id": "o-1", "customer_sk": 27,
            "customer_id": "c-1",
            "items": [
                {"seller_product_sk": 43, "seller_id": "s-1", "product_id": "p-1",
                 "unit_price": 12.5, "quantity": 3},
                {"seller_product_sk": 44, "seller_id": "s-1", "product_id": "p-2",
                 "unit_price": 8, "quantity": 1},
            ],
            "total_amount": 45.5, "currency": "USD", "status": "PLACED", "timestamp": ISO,
        },
    ),
    {
        # Nothing is said of the buyer's country, nor of what the products are.
        "lines": [(*row[:9], None) for row in _lines("S-1")], "headers": _headers(),
        "products": [("S-1", f"p-{n}", None, None, None, True) for n in (1, 2)],
        "customers": [(None, None, True)],
        "sellers": [("S-1", None, None, None, None, ALWAYS, True)],
        "references": [("shopnow", "43", "S-1", "p-1"), ("shopnow", "44", "S-1", "p-2")],
    },
    counts=(3, 0, 0),
)  # fmt: skip
P8 = Sample(
    "P8", "orders-flat",
    (
        {"order_id": "o-1", "customer_id": "c-1", "product_id": "p-1", "quantity": 3,
         "unit_price": 12.5, "status": "pending", "order_timestamp": "2025-12-01T12:09:24Z"},
    ),
    {
        "lines": [
            ("SHOPNOW", "shopnow:o-1", "made", "p-1", 3, Decimal("12.5"), "USD",
             AT.replace(microsecond=0), "placed", None),
        ],
        "headers": _headers(
            purchased_at=AT.replace(microsecond=0), declared=None, computed=Decimal("37.5")
        ),
        "products": [("SHOPNOW", "p-1", None, None, None, True)],
        "customers": [(None, None, True)], "sellers": [],
    },
    counts=(2, 0, 0),
)  # fmt: skip

_CLICK = {
    "event_id": "k-1", "session_id": "w-1", "user_id": "u-1", "url": "/product/p-1",
    "event_type": "view_page", "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1)",
    "ip_address": "203.0.113.7", "timestamp": SECONDS,
}  # fmt: skip
P9 = Sample(
    "P9", "clickstream",
    (
        _CLICK,
        _CLICK | {"event_id": "k-2", "user_id": None, "url": "/cart", "event_type": "add_to_cart"},
    ),
    {
        "clicks": [
            ("SHOPNOW", "k-1", AT, "view_page", "/product", "p-1", "#unknown", "mobile", -1),
            ("SHOPNOW", "k-2", AT, "add_to_cart", "/cart", None, "#n/a", "mobile", -2),
        ],
    },
    counts=(2, 0, 0),
)  # fmt: skip
P10 = Sample(
    "P10", "clickstream",
    (
        _CLICK | {"url": "/seller/s-1/product/p-1", "seller_id": "s-1"},
        _CLICK | {"event_id": "k-2", "url": "/cart?seller_id=s-1&product_id=p-2",
                  "event_type": "add_to_cart", "seller_id": None},
    ),
    {
        "clicks": [
            ("S-1", "k-1", AT, "view_page", "/product", "p-1", "#unknown", "mobile", -1),
            ("S-1", "k-2", AT, "add_to_cart", "/cart", "p-2", "#unknown", "mobile", -1),
        ],
        "sellers": [("S-1", None, None, None, None, ALWAYS, True)],
    },
    counts=(2, 0, 0),
)  # fmt: skip
P11 = Sample(
    "P11", "clickstream",
    (
        {"event_type": "clickstream", "action": "checkout_start", "event_id": "k-1",
         "session_id": "w-1", "user_id": "u-1", "url": "/checkout", "user_agent": "curl/8.4.0",
         "ip": "203.0.113.7", "timestamp": ISO},
    ),
    {"clicks": [("SHOPNOW", "k-1", AT, "checkout_start", "/checkout", None, "#n/a", "bot", -1)]},
    counts=(1, 0, 0),
)  # fmt: skip
P12 = Sample(
    "P12", "clickstream",
    (
        {"session_id": "w-1", "user_id": "u-1", "url": "/", "event_type": "page_view",
         "event_timestamp": ISO},
    ),
    {"clicks": [("SHOPNOW", None, AT, "view_page", "/", None, "#n/a", None, -1)]},
    counts=(1, 0, 0),
)  # fmt: skip
P13 = Sample(
    "P13", "products",
    ({"product_id": "p-1", "name": "Bol bleu", "category": "Home", "price": 12.5},),
    {
        "products": [("SHOPNOW", "p-1", "Bol bleu", None, "Home", False)],
        "offers": [("SHOPNOW", "p-1", RUN_AT, Decimal("12.5"), "USD", None)],
        "sellers": [],
    },
    counts=(2, 0, 0),
)  # fmt: skip
P14 = Sample(
    "P14", "vendors",
    (
        {"vendor_id": "TRASAS32", "vendor_name": "Tramontane SAS", "vendor_status": "inactive",
         "vendor_category": "Electronics", "vendor_email": "contact@trasas32.example",
         "commission_rate": 12.5, "timestamp": 1764590964},
    ),
    {
        "sellers": [
            ("TRASAS32", "Tramontane SAS", "suspended", Decimal("12.5"), "electronics",
             AT.replace(microsecond=0), False),
        ],
    },
    counts=(1, 0, 0),
)  # fmt: skip
P15 = Sample(
    "P15", "stock",
    ({"event_id": "t-1", "seller_product_sk": 43, "stock": 17, "event_timestamp": ISO,
      "source": "stock"},),
    {"offers": [], "products": []},
    counts=(0, 0, 1),
)  # fmt: skip
P16 = Sample(
    "P16", "sellers-api",
    (
        {"seller_id": "s-1", "name": "Tramontane", "category": "Clothes", "status": "ACTIVE"},
        {"seller_id": None, "name": "Sans numéro", "category": "Food", "status": "active"},
        {"seller_id": "", "name": "Sans numéro", "category": "Food", "status": "active"},
    ),
    {
        "sellers": [("S-1", "Tramontane", "active", None, "clothes", RUN_AT, False)],
        "rejects": [(2, "seller", ["missing_value"]), (3, "seller", ["missing_value"])],
    },
    counts=(1, 2, 0),
)  # fmt: skip
P17 = Sample(
    "P17", "products",
    (
        {"product_id": "p-1", "seller_id": "s-1", "name": "Bol bleu", "category": "Home",
         "unit_price": 12.5, "stock": 40},
        {"product_id": "p-2", "seller_id": "s-1", "name": "Carnet", "category": "Toys",
         "unit_price": "gratuit", "stock": 7},
    ),
    {
        "products": [
            ("S-1", "p-1", "Bol bleu", None, "Home", False),
            ("S-1", "p-2", "Carnet", None, "Toys", False),
        ],
        "offers": [("S-1", "p-1", RUN_AT, Decimal("12.5"), "USD", 40)],
        "sellers": [("S-1", None, None, None, None, ALWAYS, True)],
        "rejects": [(2, "offer", ["not_a_number"])],
    },
    counts=(3, 1, 0),
)  # fmt: skip

SAMPLES = (P1, P2, P3, P4, P5, P6, P7, P8, P9, P10, P11, P12, P13, P14, P15, P16, P17)
