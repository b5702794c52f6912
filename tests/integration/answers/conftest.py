"""A seller's catalogue with a defect of each kind, delivered and judged once for the module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.warehouses import new_warehouse

from shopnow.kernel import FixedClock
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Conductor, Context, receive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

CATALOGUE_YAML = """
name: atelier-catalogue
sender: S1
system: bazar
feed: products
categories: house
format: csv
dialect: {delimiter: ";", decimal: ",", encoding: cp1252}
records:
  product:
    fields:
      seller_id: {const: S1}
      product_id: Référence
      title: Désignation
      gtin: Code barre
      source_category: Rayon
      status: Statut
  offer:
    fields:
      seller_id: {const: S1}
      product_id: Référence
      unit_price: Prix TTC
      currency: {const: EUR}
      stock_quantity: Stock
"""
CATALOGUE = (
    "Référence;Désignation;Code barre;Rayon;Prix TTC;Stock;Statut;Notes internes",
    "R1;Poêle à crêpes « Bœuf »;4006381333931;Maison > Cuisine;19,90;4;actif;",
    "R2;Œuf décoratif;4006381333930;Maison > Decorations;12;beaucoup;actif;écrire à ada@exemple.fr",
    "R3;Vase l’été;4,00638E+12;Jardin > Nains;1 299,00 €;2;en vente;=1+1",
    'R4;"Cadre\ndoré sur deux lignes";;Maison;9,90;1;actif;',
    "R5;;;Maison;-3;1;actif;+33 6 12 34 56 78",
    "R6;Trop;de;cellules;sur;cette;ligne;ici;et;là",
    "R7;Vase;;Maison > Décoration;25;3;actif;@SUM(A1:A9)",
)


@dataclass(frozen=True)
class Judged:
    """A warehouse with one judged delivery of a seller."""

    settings: Settings
    delivery_key: int


def deliver(settings: Settings, yaml: str, name: str, content: bytes, folder: Path) -> int:
    """Receive one file through the source of that text, and run; give the delivery's number."""
    folder.mkdir(exist_ok=True)
    source, file = folder / "source.yaml", folder / name
    source.write_text(yaml, "utf-8")
    file.write_bytes(content)
    with Context.open(settings, FixedClock(marketplace.NOON)) as context:
        key = receive(context, context.learn(source), [file]).delivery_key
        Conductor(context).run()
    assert key is not None
    return key


@pytest.fixture(scope="module")
def judged(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    """Give the catalogue of the seller S1, judged."""
    home = tmp_path_factory.mktemp("answers") / "home"
    settings = new_warehouse(test_server, home, "answers")
    marketplace.prepare(settings)
    wanted = ("bazar-sellers", "bazar-orders")
    shipments = [one for one in marketplace.day_one() if one.source in wanted]
    marketplace.load(settings, shipments, home / "outbox")
    content = "\r\n".join(CATALOGUE).encode("cp1252") + b"\r\n"
    key = deliver(settings, CATALOGUE_YAML, "catalogue.csv", content, home / "seller")
    yield Judged(settings, key)
    drop_database(test_server, settings.database)


@pytest.fixture
def context(judged: Judged) -> Iterator[Context]:
    """Give an open context on that warehouse."""
    with Context.open(judged.settings, FixedClock(marketplace.NOON)) as opened:
        yield opened
