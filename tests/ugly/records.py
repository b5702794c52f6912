"""Defects of single records, each in a format of its own: the record alone is rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.ugly.goods import COLUMNS, Row, csv, document, gtin, ndjson, workbook, xml
from tests.ugly.model import MAKERS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.ugly.goods import Written

Made = dict[str, Any]
FORMATS = ("csv", "ndjson", "json", "xml", "xlsx")
# Label, column, the value in its place, code of the rule.
RECORDS: tuple[tuple[str, str, str, str], ...] = (
    ("no identifier", "sku", "", "missing_value"),
    ("an identifier of spaces", "sku", " \u00a0 ", "missing_value"),
    ("no title", "title", "", "missing_value"),
    ("a title of 600 letters", "title", "é" * 600, "too_long"),
    ("a price in words", "price", "gratuit", "not_a_number"),
    ("a price of two points", "price", "1.234.56", "not_a_number"),
    ("a price that may be thousands", "price", "1,234", "not_a_number"),
    ("a price of infinity", "price", "1e400", "not_a_number"),
    ("a negative price", "price", "-12.50", "negative_value"),
    ("a price of thirty digits", "price", "9" * 30, "out_of_range"),
    ("a stock in words", "stock", "beaucoup", "not_an_integer"),
    ("half a piece in stock", "stock", "2.5", "not_an_integer"),
    ("a negative stock", "stock", "-3", "negative_value"),
    ("a barcode with a wrong check digit", "ean", "1234567890123", "bad_gtin"),
    ("a barcode with letters", "ean", "40063813339E1", "bad_gtin"),
    ("a barcode of ten digits", "ean", "9300006539", "bad_gtin"),
    ("a barcode of Arabic digits", "ean", "٤٠٠٦٣٨١٣٣٣٩٣١", "bad_gtin"),
    ("a barcode cut by a spreadsheet", "ean", "3,76012E+12", "number_cut_by_spreadsheet"),
    ("a barcode cut in English", "ean", "3.76012E+12", "number_cut_by_spreadsheet"),
    ("a wrong barcode behind an apostrophe", "ean", "'1234567890123", "bad_gtin"),
    ("an unknown status", "status", "téléporté", "unknown_word"),
    ("a date that is none", "updated", "2025-02-30T08:00:00Z", "bad_timestamp"),
    ("a date in words", "updated", "hier", "bad_timestamp"),
    ("a date before the house stood", "updated", "1970-01-01T00:00:00Z", "timestamp_out_of_bounds"),
    ("a date far ahead", "updated", "2099-01-01T00:00:00Z", "timestamp_out_of_bounds"),
    ("a local time that is skipped", "updated", "2025-03-30 02:30:00", "nonexistent_local_time"),
    ("a local time that comes twice", "updated", "2024-10-27 02:30:00", "ambiguous_local_time"),
)  # fmt: skip
OF_OFFER = ("price", "stock")


def written(layout: str, table: list[Row]) -> tuple[bytes, tuple[int, ...]]:
    """The table as a file of this layout, and where each record begins."""
    if layout == "xlsx":
        return workbook(table, numbers=())
    writers: dict[str, Callable[[list[Row]], Written]] = {
        "csv": csv,
        "ndjson": ndjson,
        "json": document,
        "xml": xml,
    }
    made = writers[layout](table)
    return made.encoded(), made.lines


def _register() -> None:
    for place, (label, column, value, code) in enumerate(RECORDS):
        formats = ("csv", FORMATS[place % 5], FORMATS[(place // 5 + place + 2) % 5])
        for layout in dict.fromkeys(formats):

            def maker(
                table: list[Row], rng: random.Random, of: tuple[str, str, str, str] = (
                    layout, column, value, code,
                ),
            ) -> Made:  # fmt: skip
                layout, column, value, code = of
                at = rng.randrange(len(table))
                said = [dict(row) for row in table]
                said[at][column] = value
                content, lines = written(layout, said)
                return {
                    "layout": layout, "content": content, "table": table, "lines": lines,
                    "rejects": {lines[at]: {code}},
                }  # fmt: skip

            MAKERS.append((f"{layout} with {label}", maker))


_register()


def _several(table: list[Row], rng: random.Random) -> Made:
    at = rng.randrange(len(table))
    said = [dict(row) for row in table]
    said[at] |= {"title": "", "ean": "1234567890123", "status": "?", "updated": "hier"}
    content, lines = written("csv", said)
    codes = {"missing_value", "bad_gtin", "unknown_word", "bad_timestamp"}
    return {"layout": "csv", "content": content, "table": table, "lines": lines,
            "rejects": {lines[at]: codes | {"bad_timestamp"}}}  # fmt: skip


def _conflict(table: list[Row], _: random.Random) -> Made:
    said = [dict(row) for row in table]
    said[7] = said[3] | {"title": "Another thing"}
    content, lines = written("csv", said)
    both = {lines[at]: {"conflicting_duplicate"} for at in (3, 7)}
    return {"layout": "csv", "content": content, "table": table, "lines": lines, "rejects": both,
            "duplicates": 1}  # fmt: skip


def _repeat(table: list[Row], _: random.Random) -> Made:
    said = [*table, dict(table[5]), dict(table[5])]
    content, lines = written("csv", said)
    return {"layout": "csv", "content": content, "table": table, "lines": lines[: len(table)],
            "duplicates": 4}  # fmt: skip


def _not_cents(table: list[Row], _: random.Random) -> Made:
    said = [row | {"price": row["price"].replace(".", "").lstrip("0")} for row in table]
    said[6]["price"] = "12.50"
    content, lines = written("csv", said)
    return {"layout": "csv", "content": content, "table": table, "lines": lines,
            "fields": {"unit_price": {"path": "price", "cents": True}},
            "rejects": {lines[6]: {"not_a_number"}}}  # fmt: skip


def _not_json(table: list[Row], _: random.Random) -> Made:
    said = [row | {"price": '{"net": ' + row["price"] + "}"} for row in table]
    said[6]["price"] = '{"net": 5'
    content, lines = written("csv", said)
    return {"layout": "csv", "content": content, "table": table, "lines": lines,
            "fields": {"unit_price": {"path": "price", "inside": "net"}},
            "rejects": {lines[6]: {"not_a_number"}}}  # fmt: skip


MAKERS += [
    ("csv with four defects in one record", _several),
    ("csv with two titles for one product", _conflict),
    ("csv with a record three times", _repeat),
    ("csv with a broken number where cents were declared", _not_cents),
    ("csv with broken JSON inside a field", _not_json),
]
assert gtin(400638133393) == "4006381333931"
assert set(OF_OFFER) < set(COLUMNS)
