"""A full delivery told by what differs ends as one that was taken in whole, row for row.

Two warehouses get the same deliveries; one of them forgets, before each, what it could compare
with.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.history.forgetting import OUTCOMES, PASSED_OVER, asked, take
from tests.marketplace import Shipment, csv
from tests.marketplace_sources import PRODUCTS_YAML
from tests.warehouse_state import differences, portable, unbalanced

from shopnow.kernel.server import drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

FIRST = datetime(2025, 3, 1, 6, tzinfo=UTC)
HEAD = "seller,sku,title,brand,ean,category,status,updated_at"
SCHEMAS = ("dwh", "history", "quality")
_ALIKE = ("rule_code", "near_duplicate_product")
_SEALED = frozenset({"line_sealed", "record_key"})
# When it was judged: where time goes on, two warehouses do not ask for it equally often.
_MOMENTS = frozenset({"judged_at", "rejected_at", "ended_at", "seen_at"})
DAYS = 7
PRODUCTS = 60
TIMED = "daily-timed"
UNTIMED = "daily-untimed"


@pytest.fixture
def pair(warehouse: Settings, tmp_path: Path) -> Iterator[tuple[Settings, Settings]]:
    """Give two empty warehouses that know the daily sources."""
    marketplace.prepare(warehouse)
    full = PRODUCTS_YAML.replace("\nformat:", "\nmode: full\nformat:")
    untimed = "\n".join(line for line in full.splitlines() if "effective_at" not in line)
    for name, text in ((TIMED, full), (UNTIMED, untimed)):
        path = warehouse.home / "sources" / "platform" / f"{name}.yaml"
        path.write_text(text.replace("name: bazar-products", f"name: {name}"), "utf-8")
    other = marketplace.copy_of(warehouse, tmp_path / "other")
    yield warehouse, other
    drop_database(warehouse, other.database)


class Catalogue:
    """A catalogue that changes from day to day, some of it wrongly said."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)  # noqa: S311  # examples, not secrets
        self.rows = {
            f"K{n}": [f"S{n % 3 + 1}", f"Title {n}", "active", _day(0)] for n in range(PRODUCTS)
        }
        self.next = PRODUCTS

    def line(self, sku: str) -> str:
        seller, title, status, at = self.rows[sku]
        return f"{seller},{sku},{title},Marque,,Maison,{status},{at:%Y-%m-%dT%H:%M:%SZ}"

    def change(self, day: int) -> None:
        for sku in self.pick.sample(sorted(self.rows), 8):
            row = self.rows[sku]
            place = self.pick.choice([1, 2])
            row[place] = (
                self.pick.choice(["Une", "Deux", "Trois"])
                if place == 1
                else self.pick.choice(["active", "paused", "withdrawn"])
            )
            row[3] = _day(day)
        for sku in self.pick.sample(sorted(self.rows), 2):
            del self.rows[sku]
        self.rows[f"K{self.next}"] = ["S1", "Nouveau", "active", _day(day)]
        self.next += 1

    def full(self, day: int) -> bytes:
        """Every product in any order; now and then one is wrong, twice there, or cut."""
        lines = [self.line(sku) for sku in self.pick.sample(sorted(self.rows), len(self.rows))]
        kind = self.pick.choice(["good", "good", "wrong", "twice", "contradiction", "ragged"])
        if kind == "wrong":
            seller, sku, _, *rest = lines[0].split(",")
            lines[0] = ",".join([seller, sku, "", *rest])
        elif kind == "twice":
            lines.append(lines[3])
        elif kind == "contradiction":
            lines.append(lines[3].replace("Maison", "Maison > Cuisine"))
        elif kind == "ragged":
            lines[5] += ",too,many"
        # The day makes other bytes of equal lines.
        return csv(HEAD, *lines) + b"\n" * day

    def delta(self, day: int) -> bytes:
        """Other words about some products, newer than the day or older."""
        lines = []
        for sku in self.pick.sample(sorted(self.rows), 6):
            seller = self.rows[sku][0]
            at = _day(day) + timedelta(hours=self.pick.choice([-60, -3, 3]))
            lines.append(f"{seller},{sku},Autrement,,,Maison,paused,{at:%Y-%m-%dT%H:%M:%SZ}")
        return csv(HEAD, *lines)


@pytest.mark.parametrize("moves", [False, True], ids=["one-time-a-day", "time-goes-on"])
@pytest.mark.parametrize("source", [TIMED, UNTIMED])
@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)]
)
def test_told_by_differences_or_whole_the_warehouse_is_the_same(
    pair: tuple[Settings, Settings], tmp_path: Path, source: str, seed: int, moves: bool
) -> None:
    catalogue = Catalogue(seed)
    for day in range(DAYS):
        shipments = [(Shipment(source, "daily.csv", catalogue.full(day)), _day(day))]
        if catalogue.pick.random() < 0.5:
            part = Shipment("bazar-products", "part.csv", catalogue.delta(day))
            # Before the next one, or waiting beside it.
            shipments.insert(catalogue.pick.choice([0, 1]), (part, _day(day)))
        if day == DAYS - 1:
            late = Shipment(source, "late.csv", catalogue.full(day))
            shipments.append((late, _day(2) + timedelta(hours=5)))
        together = catalogue.pick.random() < 0.3
        for settings in pair:
            take(settings, shipments, tmp_path / "outbox", _day(day) + timedelta(hours=12),
                 together=together, forgets=settings is pair[1], moves=moves)  # fmt: skip
        catalogue.change(day + 1)

    told, whole = pair
    # A sealed line is another each time it is sealed; keys are hashed with the keys of each home.
    states = [portable(one, SCHEMAS, leave_out=_SEALED | _MOMENTS) for one in pair]
    for state in states:
        # A delivery told by its differences is looked at where it differs: its profile, its words,
        # its likenesses (ADR 0017).
        for table in ("quality.profile", "quality.translation", "quality.rule_result"):
            state.pop(table, None)
        state["quality.warning"] = [
            row for row in state.get("quality.warning", []) if _ALIKE not in row
        ]
    assert differences(*states) == ""
    assert asked(told, OUTCOMES) == asked(whole, OUTCOMES)
    assert unbalanced(told) == []
    ((passed,),) = asked(told, PASSED_OVER)
    assert passed > PRODUCTS
    assert asked(whole, PASSED_OVER) == [(0,)]


def _day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def test_a_reject_ends_when_its_product_is_said_again_in_known_words(
    pair: tuple[Settings, Settings], tmp_path: Path
) -> None:
    settings = pair[0]
    rows = [f"S1,K{n},Title,Marque,,Maison,active,2025-03-01T06:00:00Z" for n in range(3)]
    wrong = rows[0].replace("Title", "")
    for day, source, content in (
        (1, TIMED, csv(HEAD, *rows)),
        (2, "bazar-products", csv(HEAD, wrong)),
        (3, TIMED, csv(HEAD, *reversed(rows))),
    ):
        shipment = Shipment(source, "products.csv", content)
        take(settings, [(shipment, _day(day))], tmp_path, _day(day) + timedelta(hours=12))
    assert asked(settings, PASSED_OVER) == [(3,)]
    assert asked(settings, "SELECT state FROM quality.reject") == [("closed",)]
