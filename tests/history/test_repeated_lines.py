"""Order lines that are sent again and passed over end as lines that were taken in whole.

Two warehouses get the same deliveries; one of them forgets, before each, what it could compare
with.  A shop sends the orders of its last days each day: some changed, cut, wrong, or twice there.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.history.forgetting import OUTCOMES, PASSED_OVER, asked, take
from tests.integration.privacy.erasing import landed
from tests.marketplace import Shipment, csv
from tests.warehouse_state import differences, portable, unbalanced

from shopnow.kernel import FixedClock, connect
from shopnow.kernel.server import drop_database
from shopnow.privacy import KeyStore, erase, persons_by_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

FIRST = datetime(2025, 3, 1, 6, tzinfo=UTC)
HEAD = "order,seller,sku,customer,qty,price,status,at,said,currency"
SOURCE = """
name: {name}
sender: platform
system: bazar
feed: orders
order_namespace: {name}
zone: UTC
format: csv
file_pattern: "{name}*.csv"
records:
  item:
    fields:
      order_id: order
      seller_id: seller
      product_id: sku
      customer_id: customer
      quantity: qty
      unit_price: price
      line_status: status
      ordered_at: {{path: at, time: iso}}
      said_at: {{path: said, time: iso}}
      currency: currency
"""
NAME = "shop-lines"
DAYS = 8
SCHEMAS = ("dwh", "history", "mart")


@pytest.fixture
def pair(warehouse: Settings, tmp_path: Path) -> Iterator[tuple[Settings, Settings]]:
    """Give two empty warehouses in which every delivery of lines is large."""
    marketplace.prepare(warehouse)
    path = warehouse.home / "sources" / "platform" / f"{NAME}.yaml"
    path.write_text(SOURCE.format(name=NAME), "utf-8")
    other = marketplace.copy_of(warehouse, tmp_path / "other")
    yield tuple(replace(one, compared_lines_bytes=1) for one in (warehouse, other))  # type: ignore[misc]
    drop_database(warehouse, other.database)


class Shop:
    """Orders of the last days, each a list of lines; what is said of them changes."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)  # noqa: S311  # examples, not secrets
        self.orders: dict[str, list[list[str]]] = {}
        self.next = 1

    def day(self, day: int) -> None:
        """New orders; some of the old ones change, and two days later they are told no more."""
        for name in sorted(self.orders):
            if int(self.orders[name][0][7][8:10]) < day - 1:
                del self.orders[name]
        for name in self.pick.sample(sorted(self.orders), min(3, len(self.orders))):
            line = self.pick.choice(self.orders[name])
            line[self.pick.choice([4, 6])] = self.pick.choice(["2", "3"])
            line[6] = "shipped" if line[6] in ("2", "3") else line[6]
            # A correction of a later hour, or of none: then the words decide.
            line[8] = _at(day, self.pick.choice([0, 7]))
        for _ in range(12):
            self._order(day)

    def _order(self, day: int) -> None:
        name, at = f"O{self.next}", _at(day, self.pick.randrange(6))
        customer = self.pick.choice(["", f"K{self.pick.randrange(9)}"])
        lines = [
            [name, f"S{self.pick.randrange(3)}", f"P{self.pick.randrange(20)}", customer,
             str(self.pick.randrange(1, 4)), "9.90", "paid", at, self.pick.choice([at, ""]), "EUR"]
            for _ in range(self.pick.randrange(1, 4))
        ]  # fmt: skip
        if self.pick.random() < 0.2:
            lines.append(list(lines[0]))
        self.orders[name] = lines
        self.next += 1

    def file(self, number: int) -> bytes:
        """Every line in any order of the orders; now and then one is wrong, missing or too much."""
        told = {name: [list(line) for line in lines] for name, lines in self.orders.items()}
        for name in self.pick.sample(sorted(told), 3):
            lines, kind = told[name], self.pick.choice(["good", "wrong", "cut", "more", "cleaned"])
            if kind == "wrong":
                lines[0][4] = "many"
            elif kind == "cut":
                lines.pop()
            elif kind == "more":
                lines.append([*lines[0][:2], "P99", *lines[0][3:]])
            elif kind == "cleaned":
                lines[0][0] = f" {lines[0][0]}"
        names = self.pick.sample(sorted(told), len(told))
        rows = [",".join(line) for name in names for line in told[name]]
        return csv(HEAD, *rows) + b"\n" * number


@pytest.mark.parametrize(
    "seed",
    [1, 2, *(pytest.param(n, marks=pytest.mark.slow) for n in range(3, 13))],
)
def test_passed_over_or_taken_in_the_warehouse_is_the_same(
    pair: tuple[Settings, Settings], tmp_path: Path, seed: int
) -> None:
    shop = Shop(seed)
    files = 0
    for day in range(1, DAYS + 1):
        shop.day(day)
        times = shop.pick.choice([1, 2])
        shipments = []
        for _ in range(times):
            files += 1
            shipments.append((Shipment(NAME, f"{NAME}.csv", shop.file(files)), _noon(day)))
        together = shop.pick.random() < 0.3
        for settings in pair:
            take(settings, shipments, tmp_path / "outbox", _noon(day), together=together,
                 forgets=settings is pair[1])  # fmt: skip
    told, whole = pair
    states = [portable(one, SCHEMAS, leave_out=_PSEUDONYMS) for one in pair]
    assert differences(*states) == ""
    assert asked(told, _BUYERS) == asked(whole, _BUYERS)
    assert asked(told, OUTCOMES) == asked(whole, OUTCOMES)
    assert asked(told, _SPOKEN_OF) == asked(whole, _SPOKEN_OF)
    assert asked(told, _REJECTS) == asked(whole, _REJECTS)
    assert unbalanced(told) == []
    ((passed,),) = asked(told, PASSED_OVER)
    assert passed > 100
    assert asked(whole, PASSED_OVER) == [(0,)]


def test_the_same_file_in_other_bytes_stages_nothing(
    pair: tuple[Settings, Settings], tmp_path: Path
) -> None:
    settings = pair[0]
    shop = Shop(5)
    shop.day(1)
    rows = [",".join(line) for lines in shop.orders.values() for line in lines]
    first, again = csv(HEAD, *rows), csv(HEAD, *reversed(rows))
    for content in (first, again):
        take(settings, [(Shipment(NAME, "a.csv", content), _noon(1))], tmp_path, _noon(1))
    assert asked(settings, PASSED_OVER) == [(len(rows),)]
    assert asked(settings, "SELECT records, duplicate FROM staging.delivery ORDER BY 1 DESC") == [
        (len(rows), 0), (len(rows), len(rows))
    ]  # fmt: skip


def test_an_erasure_reaches_lines_that_were_passed_over(
    pair: tuple[Settings, Settings], tmp_path: Path
) -> None:
    settings = pair[0]
    at = _at(1, 1)
    rows = [f"O{n},S1,P1,KEEPSAKE{n % 2},1,9.90,paid,{at},{at},EUR" for n in range(6)]
    for content in (csv(HEAD, *rows), csv(HEAD, *reversed(rows))):
        take(settings, [(Shipment(NAME, "a.csv", content), _noon(1))], tmp_path, _noon(1))
    assert asked(settings, PASSED_OVER) == [(6,)]
    clock = FixedClock(FIRST + timedelta(days=2))
    with connect(settings) as conn, KeyStore(settings.home, clock) as keystore:
        persons = persons_by_identifier(conn, keystore, "customer", "KEEPSAKE1", ["bazar"])
    with KeyStore(settings.home, clock) as keystore:
        erase(settings, clock, keystore, persons)
    files = list(landed(settings).values())
    assert len(files) == 2
    for content in files:
        assert b"KEEPSAKE0" in content
        assert b"KEEPSAKE1" not in content
    # Of lines that speak of an erased person nothing is passed over: the sender is told.
    content = csv(HEAD, *rows) + b"\n"
    take(settings, [(Shipment(NAME, "a.csv", content), _noon(1))], tmp_path, _noon(1))
    assert asked(settings, PASSED_OVER) == [(6,)]


def _noon(day: int) -> datetime:
    return FIRST + timedelta(days=day, hours=12)


def _at(day: int, hour: int) -> str:
    return f"{datetime(2025, 3, day, 6, tzinfo=UTC) + timedelta(hours=hour):%Y-%m-%dT%H:%M:%SZ}"


# Each home has keys and numbers of its own: a person is told by the first line that is hers.
_PSEUDONYMS = frozenset({"customer_id", "customer_no", "customer_key", "buyer_ref", "order_ref"})
_BUYERS = (
    "SELECT seller_no, order_id, line_no,"
    " min(order_id || ' ' || line_no) OVER (PARTITION BY customer_no)"
    " FROM dwh.fact_order ORDER BY 1, 2, 3"
)
_SPOKEN_OF = (
    "SELECT delivery_key, line_no, record_no,"
    " min(delivery_key * 1000000 + record_no) OVER (PARTITION BY subject_no)"
    " FROM privacy.subject_record, unnest(line_nos, record_nos) AS s (line_no, record_no)"
    " ORDER BY 1, 2, 3"
)
_REJECTS = (
    "SELECT delivery_key, line_no, record_no, rule_codes, state FROM quality.reject ORDER BY 1, 2"
)
