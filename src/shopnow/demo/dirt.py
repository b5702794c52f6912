"""Planted defects: about three lines in a hundred are spoiled, and every one is written down.

The labels beside a day's files say which line carries which defect, so that what the warehouse
rejects, cleans or recognises as a repeat can be held against what was really wrong.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from shopnow.demo.layouts import Layout, Row, TextFile, write_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RATE = 0.03
# A file of a few lines stays clean, else one defect would spoil half of it.
FEWEST_LINES = 20

Outcome = Literal["reject", "clean", "duplicate", "unreadable", "refused"]


@dataclass(frozen=True)
class Defect:
    """A kind of dirt, its name for people, and what a good warehouse is expected to make of it."""

    code: str
    label_fr: str
    outcome: Outcome


DEFECTS: dict[str, Defect] = {
    one.code: one
    for one in (
        Defect("missing_title", "titre manquant", "reject"),
        Defect("price_word", "prix en toutes lettres", "reject"),
        Defect("negative_price", "prix négatif", "reject"),
        Defect("bad_gtin", "clé de contrôle du code-barres fausse", "reject"),
        Defect("unknown_category", "catégorie inconnue", "reject"),
        Defect("unknown_status", "statut inconnu", "reject"),
        Defect("bad_date", "date invalide", "reject"),
        Defect("quantity_zero", "quantité nulle", "reject"),
        Defect("empty_order_id", "numéro de commande vide", "reject"),
        Defect("unknown_event_type", "type d'événement inconnu", "reject"),
        Defect("foreign_seller", "identifiant d'un autre vendeur", "reject"),
        Defect("ragged_line", "nombre de colonnes incorrect", "unreadable"),
        Defect("broken_json", "ligne JSON coupée", "unreadable"),
        Defect("duplicate_line", "ligne répétée", "duplicate"),
        Defect("decimal_comma", "virgule décimale au lieu du point", "clean"),
        Defect("binary_file", "fichier binaire", "refused"),
        Defect("wrong_delimiter", "séparateur non déclaré", "refused"),
        Defect("duplicate_delivery", "fichier déjà livré", "duplicate"),
    )
}

_REPEATED, _RAGGED, _CUT = "duplicate_line", "ragged_line", "broken_json"
_PRODUCT_DEFECTS = ("missing_title", "bad_gtin", "unknown_category", "unknown_status")
_OFFER_DEFECTS = ("price_word", "negative_price")
_ORDER_DEFECTS = ("empty_order_id", "quantity_zero", "price_word", "negative_price",
                  "unknown_status", "bad_date", "decimal_comma", _CUT, _REPEATED)  # fmt: skip
_CLICK_DEFECTS = ("unknown_event_type", "bad_date", _CUT, _REPEATED)
_NO_DATE = "32/13/2026"
_NO_PRICE = "sur demande"
_NO_STATUS = "à vérifier"
_NO_CATEGORY = "Divers > Inclassable"


def applicable(layout: Layout, feed: str, *, has_own_seller: bool) -> tuple[str, ...]:
    """Give the defects which a file of this layout and feed can carry."""
    columns = layout.columns(feed)
    found = list(_PRODUCT_DEFECTS if feed == "products" else _OFFER_DEFECTS)
    if feed == "offers" and layout.decimal == ".":
        found.append("decimal_comma")
    if "effective_at" in columns:
        found.append("bad_date")
    if "seller_id" in columns and has_own_seller:
        found.append("foreign_seller")
    return (*found, _RAGGED if layout.format == "csv" else _CUT, _REPEATED)


def _chosen(rng: np.random.Generator, lines: int, codes: Sequence[str]) -> dict[int, str]:
    """Choose which lines to spoil and how; the mean share is `RATE`."""
    if lines < FEWEST_LINES:
        return {}
    count = int(lines * RATE + rng.random())
    places = np.sort(rng.choice(lines, size=count, replace=False)).tolist()
    start = int(rng.integers(len(codes)))
    return {place: codes[(start + n) % len(codes)] for n, place in enumerate(places)}


def spoiled_file(
    rng: np.random.Generator,
    layout: Layout,
    feed: str,
    rows: Sequence[Row],
    other_seller: str | None,
) -> tuple[TextFile, list[tuple[int, str]], list[int]]:
    """Write rows with some of them spoiled.

    Gives the file, its labels as (first physical line, defect), and the places of the rows whose
    content did not get through and which their sender will have to say again.
    """
    codes = applicable(layout, feed, has_own_seller=other_seller is not None)
    chosen = _chosen(rng, len(rows), codes)
    changed = list(rows)
    for place, code in chosen.items():
        changed[place] = _spoiled_row(dict(rows[place]), code, other_seller or "")
    file = write_rows(layout, feed, changed)
    labels = _spoil_records(file, chosen)
    starts = file.first_lines()
    lost = [place for place, code in chosen.items() if code != _REPEATED]
    return file, [(starts[place], code) for place, code in labels], lost


def _spoiled_row(row: Row, code: str, other_seller: str) -> Row:
    changes: dict[str, Callable[[], Row]] = {
        "missing_title": lambda: {"title": ""},
        "bad_gtin": lambda: {"gtin": row["gtin"][:-1] + str((int(row["gtin"][-1]) + 1) % 10)},
        "unknown_category": lambda: {"source_category": _NO_CATEGORY},
        "unknown_status": lambda: {"status": _NO_STATUS},
        "price_word": lambda: {"unit_price": _NO_PRICE},
        "negative_price": lambda: {"unit_price": "-" + row["unit_price"]},
        "decimal_comma": lambda: {"unit_price": row["unit_price"].replace(".", ",")},
        "bad_date": lambda: {"effective_at": _NO_DATE},
        "foreign_seller": lambda: {"seller_id": other_seller},
    }
    return {**row, **changes[code]()} if code in changes else row


def _spoil_records(file: TextFile, chosen: dict[int, str]) -> list[tuple[int, str]]:
    """Cut, tear and repeat records in place; gives the labels by the record's final place."""
    records: list[str] = []
    labels: list[tuple[int, str]] = []
    for place, record in enumerate(file.records):
        code = chosen.get(place)
        records.append(_torn(record, code, file.layout.delimiter))
        if code == _REPEATED:
            records.append(record)
        if code is not None:
            labels.append((len(records) - 1, code))
    file.records = records
    return labels


def _torn(record: str, code: str | None, delimiter: str) -> str:
    if code == _RAGGED:
        return f"{record}{delimiter}suite{delimiter}perdue"
    return record[: len(record) * 2 // 3] if code == _CUT else record


def spoiled_lines(
    rng: np.random.Generator, feed: str, lines: list[str]
) -> tuple[list[str], list[tuple[int, str]]]:
    """Spoil some JSON lines of orders or clicks; gives the lines and (line from 1, defect)."""
    spoil = _spoil_order if feed == "orders" else _spoil_click
    chosen = _chosen(rng, len(lines), _ORDER_DEFECTS if feed == "orders" else _CLICK_DEFECTS)
    written: list[str] = []
    labels: list[tuple[int, str]] = []
    done = 0
    for place, code in chosen.items():
        written.extend(lines[done:place])
        line = lines[place]
        if code == _REPEATED:
            written.append(line)
        elif code == _CUT:
            line = _torn(line, code, "")
        else:
            event = json.loads(line)
            spoil(event, code)
            line = json.dumps(event, ensure_ascii=False)
        written.append(line)
        labels.append((len(written), code))
        done = place + 1
    written.extend(lines[done:])
    return written, labels


def _spoil_click(event: dict[str, Any], code: str) -> None:
    if code == "unknown_event_type":
        event["event_type"] = "survol"
    else:
        event["timestamp"] = _NO_DATE


def _spoil_order(event: dict[str, Any], code: str) -> None:
    item = event["items"][0]
    if code == "empty_order_id":
        event["order_id"] = ""
    elif code == "unknown_status":
        event["status"] = "EXPEDIEE ?"
    elif code == "bad_date":
        event["timestamp"] = _NO_DATE
    elif code == "quantity_zero":
        item["quantity"] = 0
    else:
        for name in {"price", "unit_price"} & item.keys():
            item[name] = _spoiled_price(item[name], code)


def _spoiled_price(price: float, code: str) -> float | str:
    if code == "price_word":
        return _NO_PRICE
    return -price if code == "negative_price" else f"{price:.2f}".replace(".", ",")
