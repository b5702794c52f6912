"""A tiny marketplace for tests: sources and deliveries of two days, always the same bytes.

Every record dates itself, so that content said again in other bytes is a repetition.  Day one
holds dirt of each kind that the rules know; day two changes, corrects and repeats day one.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.marketplace_sources import CATEGORIES, YAMLS

from shopnow.kernel import FixedClock, connect
from shopnow.kernel.server import create_database
from shopnow.pipeline import Conductor, Context, Receipt, RunReport, receive

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from shopnow.kernel import Settings

NOON = datetime(2025, 3, 10, 12, tzinfo=UTC)
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Shipment:
    """One file to deliver: the name of its source, its name and its bytes."""

    source: str
    name: str
    content: bytes


def csv(*lines: str) -> bytes:
    """Bytes of a text file of these lines."""
    return ("\n".join(lines) + "\n").encode()


def ndjson(*objects: dict[str, Any] | str) -> bytes:
    """Bytes of one JSON object a line; a text stands as it is (a broken line)."""
    lines = [o if isinstance(o, str) else json.dumps(o, ensure_ascii=False) for o in objects]
    return csv(*lines)


_SELLERS = "code;nom;siren;pays;ville;statut;commission;rayon;depuis;contact;courriel;telephone"
_PRODUCTS = "seller,sku,title,brand,ean,category,status,updated_at"
_OFFERS = "seller,sku,price,currency,stock,available,observed_at"
_CUSTOMERS = "id,country,city,zip,segment,full_name,mail,phone,street,updated_at"


def order(number: int, items: list[dict[str, Any]], **more: object) -> dict[str, Any]:
    """An order of March 2025; `more` overrides any of its fields."""
    base = {
        "id": f"C{number:03d}",
        "customer": {
            "id": f"K{number % 3}", "name": f"Client {number % 3}",
            "email": f" client{number % 3}@bazar.test ", "phone": f"+33 1 00 00 00 0{number % 3}",
            "street": f"{number % 3} rue du Test", "city": "Lyon", "zip": "69002", "country": "FR",
        },
        "status": "placed",
        "bought_at": f"2025-03-0{number % 5 + 1}T10:00:00Z",
        "promised_at": f"2025-03-0{number % 5 + 4}T10:00:00Z",
        "sent_at": f"2025-03-0{number % 5 + 1}T10:00:05Z",
        "total": "25.00",
        "currency": "EUR",
        "items": items,
    }  # fmt: skip
    return base | more


def item(
    seller: str, sku: str, qty: object = 1, price: object = "12.50", **more: object
) -> dict[str, Any]:
    """One line of an order."""
    return {"seller": seller, "sku": sku, "qty": qty, "price": price} | more


def click(number: int, **more: object) -> dict[str, Any]:
    """A click of March 2025."""
    base = {
        "id": f"E{number:03d}", "at": f"2025-03-0{number % 5 + 1}T09:00:{number:02d}Z",
        "session": f"sess-{number % 4}", "user": f"K{number % 3}" if number % 2 else "",
        "type": "view_page", "url": f"https://bazar.test/seller/S1/product/P{number % 3 + 1}",
        "agent": "Mozilla/5.0 (X11; Linux x86_64)", "ip": "203.0.113.9", "seller": "S1",
    }  # fmt: skip
    return base | more


def day_one() -> list[Shipment]:
    """First day: every feed, with dirt."""
    sellers = csv(
        _SELLERS,
        "S1;Atelier;111111118;France;Lyon;actif;12,5;Maison;2025-03-01;Ada Un; ada@s1.test ;0101",
        "S2;Boutique;222222226;FR;Paris;active;10;Mode;2025-03-01;Bob Deux;bob@s2.test;0202",
        "S3;Trois;;FR;Nantes;inconnu;10;Mode;2025-03-01;Eve Trois;eve@s3.test;0303",
        "S4;Quatre;;FR;Nice;active;0,25;Mode;2025-03-01;Dan Quatre;dan@s4.test;0404",
        "",
        "S5;Cinq;;DE;Köln;pending;8;Mode;2025-03-02;Cleo Cinq;cleo@s5.test;0505",
    )
    products = csv(
        _PRODUCTS,
        "S1,P1,Casserole,Fer,4006381333931,Maison > Cuisine,active,2025-03-01T08:00:00Z",
        "S1,P2, Poêle\u00a0,Fer,,Maison > Cuisine,actif,2025-03-01T08:00:00Z",
        "S1,P2, Poêle\u00a0,Fer,,Maison > Cuisine,actif,2025-03-01T08:00:00Z",
        "S2,P1,Vase,,,Maison > Décoration,ACTIVE,2025-03-01T08:00:00Z",
        "S2,P3,,,,Maison > Décoration,active,2025-03-01T08:00:00Z",
        "S2,P4,Cadre,,1234567890123,Maison > Décoration,active,2025-03-01T08:00:00Z",
        "S2,P5,Cadre,,,Jardin > Nains,active,2025-03-01T08:00:00Z",
        "S1,P6,Twice A,,,Maison,active,2025-03-01T08:00:00Z",
        "S1,P6,Twice B,,,Maison,active,2025-03-01T08:00:00Z",
        "S1,P7,ragged,,,Maison,active,2025-03-01T08:00:00Z,too,many",
        "",
        ",H1,House lamp,,,Maison,active,2025-03-01T08:00:00Z",
    )
    offers = csv(
        _OFFERS,
        "S1,P1,19.90,EUR,10,true,2025-03-01T09:00:00Z",
        "S1,P1,18.90,EUR,9,true,2025-03-03T09:00:00Z",
        "S1,P1,17.90,EUR,8,true,2025-03-02T09:00:00Z",
        "S1,P2,-1,EUR,5,true,2025-03-01T09:00:00Z",
        "S2,P1,40,EUR,many,true,2025-03-01T09:00:00Z",
        "S2,P1,40,EUR,3,true,2025-03-01T09:00:00Z",
        "S2,P9,15,XYZ,3,true,2025-03-01T09:00:00Z",
        "S2,P8,15,EUR,3,true,2025-03-01T09:00:00Z",
    )
    customers = csv(
        _CUSTOMERS,
        "K0,FR,Lyon,69002,fidèle,Client 0,client0@bazar.test,+33 1 00 00 00 00,0 rue du Test,"
        "2025-02-01T00:00:00Z",
        "K1,Atlantis,Brest,29200,nouveau,Client 1,not-an-address,,,2025-02-01T00:00:00Z",
        ",FR,Lyon,69002,,Nobody,nobody@bazar.test,,,2025-02-01T00:00:00Z",
    )
    orders = ndjson(
        order(1, [item("S1", "P1", 2), item("S2", "P1", 1, "40")]),
        order(2, [item("S1", "P2"), item("S2", "P1", 0), item("S1", "P1", "x")]),
        order(3, [item("S9", "Q1", 1, "9.999", title="Unknown seller's thing")]),
        '{"id": "C004", "customer": {"id": "K1", "name": "Broken Line"',
        order(5, [], status="placed"),
        order(6, [item("", "H1", 3, "5")], customer={"id": "K2", "country": "FR"}),
        order(7, [item("S1", "P1")], status="teleported"),
        "[1, 2]",
        order(8, [item("S2", "P8", 1, "15")], promised_at="not a time"),
    )
    payments = csv(
        "order,place,means,amount,at",
        "C001,1,card,65.00,2025-03-02T10:00:05Z",
        "C001,2,voucher,1.00,2025-03-02T10:00:05Z",
        "C002,1,card,free,2025-03-03T10:00:05Z",
        "C006,1,card,15.00,2025-03-02T10:00:05Z",
    )
    clicks = ndjson(
        *(click(n) for n in range(8)),
        click(3),
        click(9, type="dance"),
        click(10, at="yesterday"),
        click(11, user="", session=""),
        "not json",
    )
    return [
        Shipment("bazar-sellers", "sellers-1.csv", sellers),
        Shipment("bazar-customers", "customers-1.csv", customers),
        Shipment("bazar-products", "products-1.csv", products),
        Shipment("bazar-offers", "offers-1.csv", offers),
        Shipment("bazar-orders", "orders-1.ndjson", orders),
        Shipment("bazar-payments", "payments-1.csv", payments),
        Shipment("bazar-clicks", "clicks-1.ndjson", clicks),
    ]


def day_two() -> list[Shipment]:
    """Second day: changes, late statements, corrections, repetitions, newcomers, dirt again."""
    sellers = csv(
        _SELLERS,
        "S1;Atelier;111111118;FR;Marseille;active;12,5;Jardin;2025-03-05;Ada Un;ada@s1.test;0111",
        "S2;Boutique;222222226;FR;Paris;suspendu;10;Mode;2025-03-04;Bob Deux;bob@s2.test;0202",
        "S5;Cinq;;DE;Köln;active;nombre;Mode;2025-03-06;Cleo Cinq;cleo@s5.test;0505",
        "S6;Six;;FR;Lille;active;9;Mode;2025-03-06;Max Six;max@s6.test;0606",
    )
    products = csv(
        _PRODUCTS,
        "S1,P1,Casserole inox,Fer,4006381333931,Maison > Décoration,active,2025-03-05T08:00:00Z",
        "S1,P1,Casserole,Fer,4006381333931,Maison,paused,2025-03-03T08:00:00Z",
        "S1,P2, Poêle\u00a0,Fer,,Maison > Cuisine,actif,2025-03-01T08:00:00Z",
        "S9,Q1,Known at last,,,Maison,active,2025-03-01T08:00:00Z",
        "S6,N1,New,,,Maison,active,2025-03-06T08:00:00Z",
        "S6,N2,,,,Maison,active,2025-03-06T08:00:00Z",
    )
    offers = csv(
        _OFFERS,
        "S1,P1,16.90,EUR,7,true,2025-03-02T12:00:00Z",
        "S1,P1,19.90,EUR,10,true,2025-03-01T09:00:00Z",
        "S2,P1,41,EUR,0,false,2025-03-06T09:00:00Z",
        "S6,N1,5,EUR,3,true,2025-03-06T09:00:00Z",
        "S6,N1,5,EURO,3,true,2025-03-07T09:00:00Z",
    )
    customers = csv(
        _CUSTOMERS,
        "K0,FR,Nice,06000,nouveau,Client Zero,client0@bazar.test,,,2025-03-04T00:00:00Z",
        "K7,BE,Liège,4000,nouveau,Client 7,client7@bazar.test,,,2025-03-04T00:00:00Z",
        ",BE,Liège,4000,,Nobody,,,,2025-03-04T00:00:00Z",
    )
    sent = "2025-03-08T10:00:00Z"
    orders = ndjson(
        order(1, [item("S1", "P1", 3), item("S2", "P1", 1, "40")], status="shipped", sent_at=sent),
        order(2, [item("S1", "P2")], bought_at="2025-03-05T10:00:00Z", sent_at=sent),
        order(6, [item("", "H1", 3, "5")], customer={"id": "K2", "country": "FR"}),
        order(10, [item("S6", "N1", 1, "5"), item("S6", "N1", 2, "5"), item("S6", "N1", 0, "5")]),
        order(11, [item("S1", "P1")], status="cancelled", bought_at="2025-02-27T10:00:00Z"),
        "{broken",
    )
    payments = csv(
        "order,place,means,amount,at",
        "C001,1,card,66.00,2025-03-08T10:00:05Z",
        "C010,1,card,15.00,2025-03-02T10:00:05Z",
        "C010,2,card,,2025-03-02T10:00:05Z",
    )
    clicks = ndjson(*(click(n) for n in range(5, 15)), click(20, type="dance"), "{")
    return [
        Shipment("bazar-sellers", "sellers-2.csv", sellers),
        Shipment("bazar-customers", "customers-2.csv", customers),
        Shipment("bazar-products", "products-2.csv", products),
        Shipment("bazar-offers", "offers-2.csv", offers),
        Shipment("bazar-orders", "orders-2.ndjson", orders),
        Shipment("bazar-payments", "payments-2.csv", payments),
        Shipment("bazar-clicks", "clicks-2.ndjson", clicks),
    ]


def copy_of(original: Settings, home: Path) -> Settings:
    """Copy a warehouse, its database and its home, on the same server; its keys are the same."""
    home.mkdir(parents=True, exist_ok=True)
    for entry in original.home.iterdir():
        if entry.is_symlink() or entry.name in ("pg", "secrets"):
            (home / entry.name).symlink_to(entry.resolve())
        else:
            shutil.copytree(entry, home / entry.name)
    name = f"copy_{os.getpid()}_{next(_NUMBERS)}"
    return replace(create_database(original, name, template=original.database), home=home)


def prepare(settings: Settings) -> None:
    """Write the sources into the home, and the category tree into the warehouse."""
    folder = settings.home / "sources" / "platform"
    folder.mkdir(parents=True, exist_ok=True)
    for text in YAMLS:
        name = text.split("name:", 1)[1].split()[0]
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    with connect(settings) as conn:
        for row in CATEGORIES:
            conn.execute(
                "INSERT INTO dwh.dim_category (category_id, parent_id, path_fr, path_en, level,"
                " taxonomy_version) VALUES (%s, %s, %s, %s, %s, 'test') ON CONFLICT DO NOTHING",
                row,
            )


def deliver(
    settings: Settings,
    shipments: Iterable[Shipment],
    outbox: Path,
    *,
    at: datetime = NOON,
    effective_at: datetime | None = None,
) -> list[Receipt]:
    """Receive each shipment; its file is written into `outbox` first."""
    outbox.mkdir(parents=True, exist_ok=True)
    receipts = []
    with Context.open(settings, FixedClock(at)) as context:
        for shipment in shipments:
            path = outbox / shipment.name
            path.write_bytes(shipment.content)
            source = context.source(shipment.source)
            receipts.append(receive(context, source, [path], effective_at=effective_at))
            path.unlink()
    return receipts


def run(settings: Settings, *, at: datetime = NOON) -> RunReport:
    """One run in this process."""
    with Context.open(settings, FixedClock(at)) as context:
        return Conductor(context).run()


def load(settings: Settings, shipments: Iterable[Shipment], outbox: Path) -> RunReport:
    """Receive and run; raises AssertionError when a delivery was refused or failed."""
    deliver(settings, shipments, outbox)
    report = run(settings)
    assert report.published
    assert not report.refused, report.refused
    assert not report.failed, report.failed
    return report
