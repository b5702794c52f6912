"""A marketplace of sellers that send for themselves, through sources of their own, day by day."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row
from tests import marketplace
from tests.marketplace import Shipment, csv
from tests.warehouses import new_warehouse

from shopnow.kernel import FixedClock, connect
from shopnow.pipeline import Conductor, Context, receive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from shopnow.kernel import Settings
    from shopnow.pipeline import RunReport

FIRST_DAY = datetime(2025, 6, 2, 10, tzinfo=UTC)
_NUMBERS = itertools.count(1)
_SELLERS = "code;nom;siren;pays;ville;statut;commission;rayon;depuis;contact;courriel;telephone"
PRODUCTS = "seller,sku,title,brand,category,status"
OFFERS = "sku,price,stock"
_YAMLS = {
    "products": """
name: {id}-products
sender: {id}
system: bazar
feed: products
categories: house
format: csv
records:
  product:
    fields: {{seller_id: seller, product_id: sku, title: title, brand: brand,
             source_category: category, status: status}}
""",
    "offers": """
name: {id}-offers
sender: {id}
system: bazar
feed: offers
format: csv
records:
  offer:
    fields: {{seller_id: {{const: "{id}"}}, product_id: sku, unit_price: price,
             currency: {{const: EUR}}, stock_quantity: stock}}
""",
    "stream": """
name: {id}-stream
sender: {id}
system: bazar
feed: offers
format: ndjson
records:
  offer:
    fields: {{product_id: sku, unit_price: price, currency: {{const: EUR}}, stock_quantity: stock}}
""",
}


def good(seller: str, count: int = 25, **more: str) -> list[str]:
    """Lines of products without a defect; `more` overrides a column."""
    return [
        f"{seller},{more.get('sku', 'A')}{number},{more.get('title', 'Vase')} {number},Bel,Maison,"
        "active"
        for number in range(count)
    ]


def garbage(seller: str, count: int = 25) -> list[str]:
    """Lines of products none of which passes."""
    return [f"{seller},B{number},,Bel,Maison,vivant" for number in range(count)]


@dataclass
class Market:
    """One warehouse with its sellers; `day` is where its clock stands, in days from the first."""

    settings: Settings
    folder: Path
    day: float = 0
    keys: dict[int, str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The moment of the market's clock (UTC)."""
        return FIRST_DAY + timedelta(days=self.day)

    def context(self) -> Context:
        """An open context at the market's moment."""
        return Context.open(self.settings, FixedClock(self.now))

    def receives(self, source: str, *lines: str, head: str | None = None) -> int:
        """Receive one file of a seller's source, each of other bytes; give its number."""
        feed = source.rpartition("-")[2]
        heads = {"products": PRODUCTS, "offers": OFFERS}
        top = [] if feed == "stream" else [heads[feed] if head is None else head]
        # Blank lines, always one more, make equal lists different deliveries.
        return self.receives_bytes(source, csv(*top, *lines, *[""] * next(_NUMBERS)))

    def receives_bytes(self, source: str, content: bytes) -> int:
        """Receive these bytes; give the number of the delivery."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{source}-{next(_NUMBERS)}.csv"
        path.write_bytes(content)
        with self.context() as context:
            receipt = receive(context, context.source(source), [path])
        path.unlink()
        assert receipt.delivery_key is not None, receipt
        return receipt.delivery_key

    def runs(self, progress: Callable[[str], None] | None = None) -> RunReport:
        """Run what waits."""
        with self.context() as context:
            return Conductor(context, progress).run()

    def ask(self, text: str, *values: object) -> list[dict[str, Any]]:
        """Rows that the loader sees."""
        with connect(self.settings) as conn, conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(text.encode(), values).fetchall()

    def number(self, seller: str) -> int:
        """The durable number of a seller."""
        (row,) = self.ask(
            "SELECT seller_no FROM security.seller_identifier WHERE seller_id = %s", seller
        )
        return int(row["seller_no"])

    def state(self, key: int) -> str:
        """The state of a delivery."""
        (row,) = self.ask("SELECT state FROM staging.delivery WHERE delivery_key = %s", key)
        return str(row["state"])

    def events(self, code: str) -> list[dict[str, Any]]:
        """Events of one code, oldest first."""
        return self.ask("SELECT * FROM journal.event WHERE error_code = %s ORDER BY event_no", code)


def open_market(
    server: Settings, home: Path, sellers: Sequence[str], feeds: Iterable[str] = ("products",)
) -> Market:
    """A warehouse of its own on the server, in which these sellers are registered and may send."""
    settings = new_warehouse(server, home, "market")
    marketplace.prepare(settings)
    rows = [f"{one};{one};;FR;Lyon;active;10;Mode;2025-01-01;;;" for one in sellers]
    shipment = Shipment("bazar-sellers", "sellers.csv", csv(_SELLERS, *rows))
    marketplace.load(settings, [shipment], home / "outbox")
    for one in sellers:
        folder = home / "sources" / one
        folder.mkdir(parents=True)
        for feed in feeds:
            (folder / f"{one}-{feed}.yaml").write_text(_YAMLS[feed].format(id=one), "utf-8")
    return Market(settings, home / "outbox")
