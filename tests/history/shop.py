"""A shop for the cases that need the whole pipeline: sources of its own, days, and what is read."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row

from shopnow.kernel import FixedClock, connect
from shopnow.pipeline import Conductor, Context, Receipt, RunReport, receive

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

DAY_ZERO = datetime(2025, 4, 1, tzinfo=UTC)
_NUMBERS = itertools.count(1)
_HEAD = "name: {name}\nsender: platform\nsystem: bazar\nfeed: {feed}\nformat: {format}\n"
# Records without a time of their own: a full list says what is true at its day.
SOURCES = {
    "list": _HEAD.format(name="list", feed="products", format="csv")
    + """mode: full
records:
  product:
    fields: {seller_id: seller, product_id: sku, title: title, status: status}
""",
    "news": _HEAD.format(name="news", feed="products", format="csv")
    + """zone: Europe/Paris
records:
  product:
    fields:
      seller_id: seller
      product_id: sku
      title: title
      status: status
      operation: op
      ends_at: ends
      effective_at: at
""",
    "people": _HEAD.format(name="people", feed="sellers", format="csv")
    + """records:
  seller:
    fields:
      seller_id: code
      seller_name: name
      legal_id: legal
      status: status
      commission_pct: commission
      effective_at: at
""",
    "prices": _HEAD.format(name="prices", feed="offers", format="csv")
    + """mode: full
records:
  offer:
    fields: {seller_id: seller, product_id: sku, unit_price: price, currency: currency,
             stock_quantity: stock}
""",
    "sales": _HEAD.format(name="sales", feed="orders", format="csv")
    + """order_namespace: sales
records:
  order:
    fields: {order_id: id, customer_id: customer, status: {const: placed}, purchased_at: at,
             said_at: at, currency: {const: EUR}}
  item:
    fields: {order_id: id, seller_id: seller, product_id: sku, quantity: qty, unit_price: price,
             currency: {const: EUR}, ordered_at: at, said_at: at}
""",
}
HEADS = {
    "list": "seller,sku,title,status",
    "news": "seller,sku,title,status,op,ends,at",
    "people": "code,name,legal,status,commission,at",
    "prices": "seller,sku,price,currency,stock",
    "sales": "id,customer,seller,sku,qty,price,at",
}


def on(number: float) -> str:
    """A day of the cases as files write it."""
    return f"{DAY_ZERO + timedelta(days=number):%Y-%m-%dT%H:%M:%SZ}"


@dataclass
class Shop:
    """One warehouse, whose clock stands at `today` (a number of days)."""

    settings: Settings
    folder: Path
    today: float = 20

    def __post_init__(self) -> None:
        """Make the sources known."""
        home = self.settings.home / "sources" / "platform"
        home.mkdir(parents=True, exist_ok=True)
        for name, text in SOURCES.items():
            (home / f"{name}.yaml").write_text(text, "utf-8")
        self.folder.mkdir(parents=True, exist_ok=True)

    def receives(
        self, source: str, *lines: str, day: float | None = None, mode: str | None = None
    ) -> Receipt:
        """Receive one file; `day` is the declared effective time."""
        path = self.folder / f"{source}-{next(_NUMBERS)}.csv"
        path.write_text("\n".join([HEADS[source], *lines]) + "\n", "utf-8")
        at = None if day is None else DAY_ZERO + timedelta(days=day)
        with self.context() as context:
            return receive(context, context.source(source), [path], mode=mode, effective_at=at)

    def runs(self) -> RunReport:
        """Run what waits."""
        with self.context() as context:
            return Conductor(context).run()

    def takes(
        self, source: str, *lines: str, day: float | None = None, mode: str | None = None
    ) -> int:
        """Receive one file and run; returns the number of the delivery, which is published."""
        receipt = self.receives(source, *lines, day=day, mode=mode)
        report = self.runs()
        assert receipt.delivery_key in report.published, (receipt, report)
        assert receipt.delivery_key is not None
        return receipt.delivery_key

    def context(self) -> Context:
        """Open the room of a run at the shop's time."""
        return Context.open(self.settings, FixedClock(DAY_ZERO + timedelta(days=self.today)))

    def ask(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Rows of a query."""
        with connect(self.settings) as conn, conn.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Any:  # noqa: ANN401
        """The only value of a query."""
        (row,) = self.ask(query, *values)
        (value,) = row.values()
        return value

    def counts(self, key: int) -> dict[str, Any]:
        """The counts of a delivery."""
        (row,) = self.ask("SELECT * FROM staging.delivery WHERE delivery_key = %s", key)
        return row

    def number(self, seller_id: str) -> int:
        """A seller's number."""
        return int(self.one(
            "SELECT max(seller_no) FROM security.seller_identifier WHERE seller_id = %s", seller_id
        ))  # fmt: skip

    def product(self, seller_id: str, sku: str) -> str:
        """The versions of a product: `active[1,3) deleted[3,∞)`."""
        rows = self.ask(
            "SELECT * FROM dwh.dim_product WHERE seller_no = %s AND product_id = %s"
            " ORDER BY valid_from",
            self.number(seller_id), sku,
        )  # fmt: skip
        return " ".join(_version(row, "status") for row in rows)

    def seller(self, seller_id: str) -> str:
        """The versions of a seller by status."""
        rows = self.ask(
            "SELECT * FROM dwh.dim_seller WHERE seller_no = %s ORDER BY valid_from",
            self.number(seller_id),
        )
        return " ".join(_version(row, "status") for row in rows)


def _version(row: dict[str, Any], name: str) -> str:
    word = "deleted" if row["is_deleted"] else "inferred" if row["is_inferred"] else row[name]
    return f"{word}[{_day(row['valid_from'])},{_day(row['valid_to'])})"


def _day(at: datetime) -> str:
    if at.year in (1900, 9999):
        return "-∞" if at.year == 1900 else "∞"
    return f"{(at - DAY_ZERO) / timedelta(days=1):g}"
