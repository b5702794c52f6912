"""A small marketplace with a long history, loaded delivery by delivery, for who reads it.

Every delivery has its own hour of receipt, so that what was known when is told apart from what
was true when. After each, the versions as they stand are kept: reading as-known-on must find them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests import marketplace
from tests.marketplace import Shipment
from tests.warehouses import new_warehouse

from shopnow.kernel import FixedClock, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Conductor, Context, receive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

FIRST = datetime(2025, 3, 20, 8, tzinfo=UTC)
DELIVERIES = 8
_SELLERS = "code;nom;siren;pays;ville;statut;commission;rayon;depuis;contact;courriel;telephone"
_PRODUCTS = "seller,sku,title,brand,ean,category,status,updated_at"
# key, valid_from, valid_to, is_deleted, type-2 values
Chain = list[tuple[Any, ...]]


@dataclass
class Chronicle:
    """A loaded warehouse, and for each hour of knowledge the versions as they stood."""

    settings: Settings
    outbox: Path
    beliefs: dict[datetime, dict[str, Chain]] = field(default_factory=dict)

    def load(self, at: datetime, *shipments: Shipment, mode: str = "delta") -> None:
        """Receive and run at that hour, then keep what the dimensions say."""
        self.outbox.mkdir(parents=True, exist_ok=True)
        with Context.open(self.settings, FixedClock(at)) as context:
            for shipment in shipments:
                path = self.outbox / shipment.name
                path.write_bytes(shipment.content)
                source = context.source(shipment.source)
                receive(context, source, [path], mode=mode, effective_at=at)
            report = Conductor(context).run()
        assert not report.failed, report.failed
        self.beliefs[at] = {name: self.chain(name) for name in ("seller", "product")}

    def chain(self, name: str) -> Chain:
        """The versions of a dimension as they stand, reserved members left out."""
        query = {
            "seller": "SELECT seller_no, valid_from, valid_to, is_deleted, country, city, status,"
            " commission_pct FROM dwh.dim_seller WHERE seller_no > 0 ORDER BY 1, 2",
            "product": "SELECT seller_no, product_id, valid_from, valid_to, is_deleted,"
            " category_id, status FROM dwh.dim_product WHERE product_key > 0 ORDER BY 1, 2, 3",
        }[name]
        with connect(self.settings) as conn:
            return conn.execute(query).fetchall()


def sellers(*lines: str) -> Shipment:
    """A file of sellers: `code;nom;siren;pays;ville;statut;commission;rayon;depuis`."""
    content = marketplace.csv(_SELLERS, *(f"{line};;;" for line in lines))
    return Shipment("bazar-sellers", "sellers.csv", content)


def products(*lines: str) -> Shipment:
    """A file of products: `seller,sku,title,brand,ean,category,status,updated_at`."""
    return Shipment("bazar-products", "products.csv", marketplace.csv(_PRODUCTS, *lines))


def a_day(number: int) -> str:
    """A day of February 2025, as files write it."""
    return f"2025-02-{number:02d}"


@pytest.fixture(scope="module")
def chronicle(
    test_server: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Chronicle]:
    """Give a warehouse after eight rounds of random, often late statements: read only."""
    folder = tmp_path_factory.mktemp("chronicle")
    made = opened(test_server, folder)
    chance = random.Random(20250320)  # noqa: S311 — a fixed history, not a secret
    for number in range(DELIVERIES):
        at = FIRST + timedelta(hours=number)
        made.load(at, sellers(*_some_sellers(chance)))
        # A full list now and then: what it leaves out is withdrawn, and may come back.
        mode = "full" if number % 3 == 2 else "delta"
        made.load(at, products(*_some_products(chance)), mode=mode)
    yield made
    drop_database(test_server, made.settings.database)


def opened(test_server: Settings, folder: Path) -> Chronicle:
    """An empty warehouse with the sources of the tiny marketplace."""
    settings = new_warehouse(test_server, folder / "home", "chronicle")
    marketplace.prepare(settings)
    return Chronicle(settings, folder / "outbox")


@pytest.fixture
def own_chronicle(test_server: Settings, tmp_path: Path) -> Iterator[Chronicle]:
    """Give an empty warehouse of one's own, to load into."""
    made = opened(test_server, tmp_path)
    yield made
    drop_database(test_server, made.settings.database)


def _some_sellers(chance: random.Random) -> list[str]:
    return [
        f"S{number};Nom {chance.randint(1, 3)};;FR;{chance.choice(['Lyon', 'Paris', 'Lille'])};"
        f"{chance.choice(['active', 'suspended'])};{chance.choice([10, 12])};"
        f"{chance.choice(['maison', 'mode'])};{a_day(chance.randint(1, 20))}"
        for number in (1, 2)
    ]


def _some_products(chance: random.Random) -> list[str]:
    return [
        f"S1,P{number},Titre {chance.randint(1, 3)},Marque,,"
        f"{chance.choice(['Maison', 'Maison > Cuisine', 'Maison > Décoration'])},"
        f"{chance.choice(['active', 'paused'])},"
        f"{a_day(chance.randint(1, 20))}T{chance.randint(0, 23):02d}:00:00Z"
        for number in range(1, 5)
        if chance.random() < 0.8
    ]
