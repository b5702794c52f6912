"""A warehouse that knows the sellers of the tiny marketplace, and sources that fetch."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests import marketplace
from tests.warehouses import new_warehouse

from shopnow.kernel import FixedClock, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Conductor, Context, pull_source
from shopnow.sources import Secrets, Source, parse_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings
    from shopnow.pipeline import Pulled

_NUMBERS = itertools.count(1)
FIELDS = {
    "product": {"seller_id": {"const": "S5"}, "product_id": "sku", "title": "title",
                "effective_at": {"path": "updated_at", "time": "iso"}},
    "offer": {"seller_id": {"const": "S5"}, "product_id": "sku", "unit_price": "price",
              "currency": "currency", "stock_quantity": "stock",
              "effective_at": {"path": "updated_at", "time": "iso"}},
}  # fmt: skip


@dataclass
class Desk:
    """The warehouse, and how its sources are declared and fetched."""

    settings: Settings
    later: timedelta = timedelta(0)

    @property
    def clock(self) -> FixedClock:
        return FixedClock(marketplace.NOON + self.later)

    def source(self, connector: dict[str, Any], **more: Any) -> Source:  # noqa: ANN401
        """A source of products of the seller S5, under a name of its own."""
        document = {
            "name": f"fetched-{next(_NUMBERS)}", "sender": "S5", "system": "bazar",
            "feed": "products", "format": "ndjson", "connector": connector,
            "records": {kind: {"fields": fields} for kind, fields in FIELDS.items()},
        }  # fmt: skip
        return parse_source(document | more, where="the test")

    def secret(self, value: str) -> str:
        """Keep a secret under a name of its own."""
        name = f"test-{os.getpid()}-{next(_NUMBERS)}"
        Secrets(self.settings.home).keep(name, value)
        return name

    def pull(self, source: Source) -> Pulled:
        """Fetch a source."""
        with self.context(source) as context:
            return pull_source(context, source)

    def run(self, source: Source) -> None:
        """Take what waits through the six steps."""
        with self.context(source) as context:
            Conductor(context).run()

    def context(self, *sources: Source) -> Context:
        """An open context that knows the sources."""
        context = Context.open(self.settings, self.clock)
        context.sources.update({one.name: one for one in sources})
        return context

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with connect(self.settings) as conn:
            return conn.execute(statement, values).fetchall()

    def deliveries(self, source: Source) -> list[tuple[Any, ...]]:
        """Number, state and records of what came through a source."""
        return self.rows(
            "SELECT delivery_key, state, records FROM staging.delivery WHERE source = %s"
            " ORDER BY delivery_key",
            source.name,
        )

    def resume(self, source: Source) -> str | None:
        """From where a source goes on."""
        found = self.rows("SELECT resume_value FROM staging.source_pull WHERE source = %s",
                          source.name)  # fmt: skip
        return found[0][0] if found else None

    def landed(self) -> set[Path]:
        """Every file in the landing folder."""
        return {path for path in (self.settings.home / "landing").rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def desk(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Give a warehouse that knows the sellers."""
    home = tmp_path_factory.mktemp("intake") / "home"
    settings = new_warehouse(test_server, home, "intake")
    marketplace.prepare(settings)
    sellers = [one for one in marketplace.day_one() if one.source == "bazar-sellers"]
    marketplace.load(settings, sellers, home / "outbox")
    yield Desk(settings)
    drop_database(test_server, settings.database)
    for path in (test_server.home / "secrets").glob(f"source.test-{os.getpid()}-*"):
        path.unlink()
