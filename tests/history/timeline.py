"""A marketplace told day by day, for cases of history: statements and sales of March 2025.

Each case uses sellers, products and customers of its own, so that many share one warehouse.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row
from tests import marketplace
from tests.marketplace import Shipment, click, csv, item, ndjson, order
from tests.warehouses import new_warehouse

from shopnow.kernel import SystemClock, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import audit_history
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from psycopg import sql

    from shopnow.kernel import Settings
    from shopnow.pipeline import RunReport

_ORDERS = count(1)
_FILES = count(1)
_SELLER = "code;nom;siren;pays;ville;statut;commission;rayon;depuis;contact;courriel;telephone"
_PRODUCT = "seller,sku,title,brand,ean,category,status,updated_at"
_OFFER = "seller,sku,price,currency,stock,available,observed_at"
_CUSTOMER = "id,country,city,zip,segment,full_name,mail,phone,street,updated_at"
CUISINE, DECO, MAISON = "Maison > Cuisine", "Maison > Décoration", "Maison"


def at(day: int | str, clock: str = "08:00") -> datetime:
    """An instant of March 2025, or of the date that is given."""
    date = f"2025-03-{day:02d}" if isinstance(day, int) else day
    return datetime.fromisoformat(f"{date}T{clock}:00").replace(tzinfo=UTC)


def _stamp(day: int | str, clock: str) -> str:
    return f"{at(day, clock):%Y-%m-%dT%H:%M:%SZ}"


def seller(code: str, day: int, *, status: str = "active", commission: str = "15",
           legal: str = "") -> Shipment:  # fmt: skip
    """A statement of the platform about a seller, true from the start of that day in Paris."""
    line = f"{code};Maison {code};{legal};FR;Lyon;{status};{commission};Maison;2025-03-{day:02d};;;"
    return Shipment("bazar-sellers", f"sellers-{next(_FILES)}.csv", csv(_SELLER, line))


def product(
    code: str, sku: str, day: int | str, category: str, *, status: str = "active", ean: str = ""
) -> Shipment:
    """A statement about a product, true from 08:00 of that day."""
    line = f"{code},{sku},Objet,,{ean},{category},{status},{_stamp(day, '08:00')}"
    return Shipment("bazar-products", f"products-{next(_FILES)}.csv", csv(_PRODUCT, line))


def offer(code: str, sku: str, day: int | str, price: str = "5") -> Shipment:
    """An offer of 09:00 of that day."""
    line = f"{code},{sku},{price},EUR,3,true,{_stamp(day, '09:00')}"
    return Shipment("bazar-offers", f"offers-{next(_FILES)}.csv", csv(_OFFER, line))


def customer(name: str, day: int | str, country: str) -> Shipment:
    """A statement about a customer, true from 08:00 of that day."""
    line = f"{name},{country},Lyon,69002,fidèle,{name},{name}@bazar.test,,,{_stamp(day, '08:00')}"
    return Shipment("bazar-customers", f"customers-{next(_FILES)}.csv", csv(_CUSTOMER, line))


def sale(
    code: str,
    sku: str,
    day: int | str,
    *,
    customer: str = "",
    buyer: dict[str, str] | None = None,
    price: str = "100",
) -> Shipment:
    """An order of one piece at 10:00 of that day; nothing is said of the customer but the id."""
    number = next(_ORDERS)
    said = order(
        number,
        [item(code, sku, 1, price)],
        id=f"T{number:04d}",
        customer=buyer or ({"id": customer} if customer else {}),
        bought_at=_stamp(day, "10:00"),
        sent_at=_stamp(day, "10:00"),
        promised_at=None,
        total=None,
    )
    return Shipment("bazar-orders", f"orders-{next(_FILES)}.ndjson", ndjson(said))


def visit(code: str, sku: str, day: int | str) -> Shipment:
    """A page view of a product at 09:30 of that day."""
    number = next(_ORDERS)
    said = click(
        number,
        id=f"V{number:04d}",
        at=_stamp(day, "09:30"),
        url=f"https://bazar.test/seller/{code}/product/{sku}",
        seller=code,
    )
    return Shipment("bazar-clicks", f"clicks-{next(_FILES)}.ndjson", ndjson(said))


@dataclass
class Market:
    """A warehouse that takes shipments one run after another and answers questions."""

    settings: Settings
    outbox: Path

    def tell(self, *shipments: Shipment, when: datetime = marketplace.NOON) -> RunReport:
        """Receive and load in one run, which then binds facts anew; the clock stands at `when`."""
        marketplace.deliver(self.settings, shipments, self.outbox, at=when)
        report = marketplace.run(self.settings, at=when)
        assert not report.failed, report.failed
        assert not report.refused, report.refused
        assert len(report.published) == len(shipments)
        return report

    def ask(self, question: str | sql.Composed, *values: object) -> list[dict[str, Any]]:
        """Rows of a query, by column name."""
        with connect(self.settings, None) as conn, conn.cursor(row_factory=dict_row) as cursor:
            cursor.execute(question.encode() if isinstance(question, str) else question, values)
            return cursor.fetchall()

    def number(self, code: str) -> int:
        """The number that an identifier leads to now."""
        rows = self.ask(
            "SELECT seller_no FROM security.seller_identifier WHERE seller_id = %s"
            " AND valid_to = '9999-12-31 00:00+00'",
            code,
        )
        return int(rows[0]["seller_no"])

    def products(self, code: str, sku: str) -> list[dict[str, Any]]:
        """Versions of a product, the oldest first."""
        return self.ask(
            "SELECT * FROM dwh.dim_product WHERE seller_no = %s AND product_id = %s"
            " ORDER BY valid_from",
            self.number(code), sku,
        )  # fmt: skip

    def sellers(self, code: str) -> list[dict[str, Any]]:
        """Versions of a seller, the oldest first."""
        return self.ask(
            "SELECT * FROM dwh.dim_seller WHERE seller_no = %s ORDER BY valid_from",
            self.number(code),
        )

    def lines(self, code: str) -> list[dict[str, Any]]:
        """Order lines of a seller, the oldest first."""
        return self.ask(
            "SELECT * FROM dwh.fact_order WHERE seller_no = %s ORDER BY ordered_at",
            self.number(code),
        )

    def reties(self, dimension: str, code: str, key: str) -> list[tuple[Any, ...]]:
        """What the journal says of a member: old version, new version, month, facts."""
        rows = self.ask(
            "SELECT old_version, new_version, month::text, facts FROM history.retie"
            " WHERE dimension = %s AND seller_no = %s AND natural_key = %s"
            " ORDER BY retied_at, month DESC, old_version, new_version",
            dimension, self.number(code) if code else 0, key,
        )  # fmt: skip
        return [tuple(row.values()) for row in rows]


@contextmanager
def open_market(test_server: Settings, folder: Path) -> Iterator[Market]:
    """Give an empty marketplace in a database and a home of its own.

    When its cases are through, all audits of history hold.
    """
    settings = new_warehouse(test_server, folder / "home", folder.name)
    marketplace.prepare(settings)
    yield Market(settings, folder / "outbox")
    audited = audit_history(settings, load_contracts(settings.contracts_dir), SystemClock())
    assert not audited.findings, audited.checks
    drop_database(test_server, settings.database)
