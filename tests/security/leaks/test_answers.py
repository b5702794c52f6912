"""What a loader tells a seller does not depend on any other seller: same file, same words.

The same delivery goes to two warehouses: in one its sender is alone, in the other a second seller
has the same identifiers, codes and nearly the same goods. The answers must be equal, to the letter.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import pytest
from tests import marketplace

from shopnow.kernel import FixedClock, Settings, connect
from shopnow.pipeline import Conductor, Context, answer_delivery, receive, write_answer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.integration, pytest.mark.security]

SOURCE: Final = """
name: atelier-catalogue
sender: S1
system: bazar
feed: products
categories: house
format: csv
records:
  product:
    fields:
      seller_id: seller
      product_id: sku
      title: title
      gtin: ean
      source_category: category
      status: status
      effective_at: {path: at, time: iso}
  offer:
    fields:
      seller_id: seller
      product_id: sku
      unit_price: price
      currency: {const: EUR}
      stock_quantity: stock
      effective_at: {path: at, time: iso}
"""
GOODS: Final = (
    "seller,sku,title,ean,category,status,price,stock,at",
    "S1,R1,Poele en fer,4006381333931,Maison > Cuisine,active,19.90,4,2025-03-02T08:00:00Z",
    "S1,R2,Vase bleu de ciel,,Maison > Decoration,active,12.00,many,2025-03-02T08:00:00Z",
    # Names the other seller, a product that it has and one that it has not.
    "S2,R1,Poele en fer,4006381333931,Maison > Cuisine,active,19.90,4,2025-03-02T08:00:00Z",
    "S2,R9,Rien de tel,,Maison > Cuisine,active,1.00,1,2025-03-02T08:00:00Z",
    "S1,R3,,4006381333930,Jardin > Nains,sold,-3,2,2025-03-02T08:00:00Z",
    "S1,R4,Vase bleu de ciel,4006381333931,Maison > Cuisine,active,1.00,1,2025-03-02T08:00:00Z",
)
SELLERS: Final = (
    "code;nom;siren;pays;ville;statut;commission;rayon;depuis;contact;courriel;telephone",
    "S1;Atelier;;FR;Lyon;actif;12,5;Maison;2025-03-01;;;",
    "S2;Boutique;;FR;Paris;active;10;Mode;2025-03-01;;;",
)
THEIRS: Final = (
    "seller,sku,title,brand,ean,category,status,updated_at",
    "S2,R1,Poele en fer,,4006381333931,Maison > Cuisine,active,2025-03-01T08:00:00Z",
    "S2,R2,Vase bleu de ciel,,,Maison > Cuisine,active,2025-03-01T08:00:00Z",
)


def _told(settings: Settings, folder: Path, *, alone: bool) -> dict[str, bytes]:
    """Return every form of the answer to the same file."""
    marketplace.prepare(settings)
    sellers = SELLERS[:2] if alone else SELLERS
    shipments = [marketplace.Shipment("bazar-sellers", "sellers.csv", marketplace.csv(*sellers))]
    if not alone:
        theirs = marketplace.csv(*THEIRS)
        shipments.append(marketplace.Shipment("bazar-products", "products.csv", theirs))
    marketplace.load(settings, shipments, folder / "outbox")
    source, file = folder / "source.yaml", folder / "goods.csv"
    source.write_text(SOURCE, "utf-8")
    file.write_bytes(marketplace.csv(*GOODS))
    answers = {}
    with Context.open(settings, FixedClock(marketplace.NOON)) as context:
        key = receive(context, context.learn(source), [file]).delivery_key
        assert key is not None
        Conductor(context).run()
        with connect(settings) as connection:
            for form in ("csv", "json"):
                answer = answer_delivery(context, connection, key, language="fr", everything=True)
                stream = io.BytesIO()
                write_answer(answer, stream, form, settings.tz)
                # The number of the delivery counts those of everybody.
                number = f'"delivery_key": {key},'.encode()
                answers[form] = stream.getvalue().replace(number, b"")
    return answers


def test_an_answer_tells_nothing_of_other_sellers(warehouse: Settings, tmp_path: Path) -> None:
    second = marketplace.copy_of(warehouse, tmp_path / "second")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    alone = _told(warehouse, tmp_path / "one", alone=True)
    beside = _told(second, tmp_path / "two", alone=False)
    assert b"foreign_seller" in alone["json"]
    assert alone == beside
