"""Clean products, always the same for a seed, and writers that know where each record begins.

Each writer counts line ends in what it wrote itself: the numbers that the readers find are never
taken from a reader.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

Row = dict[str, str]
COLUMNS = ("sku", "title", "description", "brand", "ean", "status", "price", "stock", "updated")
_WORDS = ("Théière", "Œuf à la coque", "Bol rond", "Saladier", "Pichet à eau", "Nœud de bois")
_TEXTS = (
    "Simple",
    'Dit "le grand", en grès',
    "Deux lignes\nd'un même texte",
    "Prix : 12 € ; sans, virgule",
    "Trois\n\nlignes, dont une vide",
    "",
)


@dataclass(frozen=True)
class Written:
    """A file's text and the physical line where each record begins."""

    text: str
    lines: tuple[int, ...]

    def encoded(self, encoding: str = "utf-8", mark: bytes = b"") -> bytes:
        """Bytes of the text, after a byte order mark where one is given."""
        return mark + self.text.encode(encoding)


def gtin(body: int) -> str:
    """Thirteen digits with the check digit of GS1."""
    digits = f"{body:012d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def rows(rng: random.Random, prefix: str, count: int = 24) -> list[Row]:
    """Clean products whose identifiers begin with `prefix`."""
    return [
        {
            "sku": f"{prefix}-{number:03d}",
            "title": f"{rng.choice(_WORDS)} {number}",
            "description": _TEXTS[number % len(_TEXTS)],
            "brand": rng.choice(("Fer & Fils", "Bois", "Été")),
            "ean": gtin(rng.randrange(10**11)) if number % 3 else "",
            "status": rng.choice(("active", "paused", "actif")),
            "price": f"{rng.randrange(100, 99999) / 100:.2f}",
            "stock": str(rng.randrange(500)),
            "updated": f"2025-03-{rng.randrange(1, 28):02d}T08:00:00Z",
        }
        for number in range(count)
    ]


def csv(
    table: Sequence[Row],
    delimiter: str = ",",
    eol: str = "\n",
    *,
    before: str = "",
    columns: Sequence[str] = COLUMNS,
    after: dict[int, str] | None = None,
    raw: dict[int, str] | None = None,
) -> Written:
    """RFC 4180 text; `before` the header, `after` record n, `raw` instead of record n."""
    text = before + delimiter.join(columns) + eol
    lines = []
    for number, row in enumerate(table):
        lines.append(_line_of(text, eol))
        cells = (_cell(row[column], delimiter) for column in columns)
        text += (raw or {}).get(number, delimiter.join(cells)) + eol
        text += (after or {}).get(number, "")
    return Written(text, tuple(lines))


def _cell(value: str, delimiter: str) -> str:
    if any(mark in value for mark in (delimiter, '"', "\n", "\r")):
        return '"' + value.replace('"', '""') + '"'
    return value


def _line_of(text: str, eol: str = "\n") -> int:
    # Line feeds within quoted cells are physical lines too, whatever ends a record.
    return text.count("\n") + (text.count("\r") if eol == "\r" else 0) + 1


def tsv(table: Sequence[Row], before: str = "") -> Written:
    """Tabs and no quotes: no cell may hold a tab or a line end."""
    text = before + "\t".join(COLUMNS) + "\n"
    lines = []
    for row in table:
        lines.append(_line_of(text))
        text += "\t".join(row[column].replace("\n", " ") for column in COLUMNS) + "\n"
    return Written(text, tuple(lines))


def ndjson(table: Sequence[Row], raw: dict[int, str] | None = None, before: str = "") -> Written:
    """One object a line."""
    text, lines = before, []
    for number, row in enumerate(table):
        lines.append(_line_of(text))
        text += (raw or {}).get(number, json.dumps(row, ensure_ascii=False)) + "\n"
    return Written(text, tuple(lines))


def document(
    table: Sequence[Row],
    raw: dict[int, str] | None = None,
    *,
    indent: int | None = 2,
    head: str = '{"shop": {"name": "é", "list": [1, {"data": []}]},\n "data": {"products": [\n',
    tail: str = '\n]}, "end": null}\n',
) -> Written:
    """One JSON document, records in the array data.products."""
    text, lines = head, []
    for number, row in enumerate(table):
        lines.append(_line_of(text))
        text += (raw or {}).get(number, json.dumps(row, ensure_ascii=False, indent=indent))
        text += ",\n" if number < len(table) - 1 else ""
    return Written(text + tail, tuple(lines))


def xml(
    table: Sequence[Row],
    raw: dict[int, str] | None = None,
    *,
    head: str = '<?xml version="1.0" encoding="UTF-8"?>\n',
    eol: str = "\n",
) -> Written:
    """A catalogue in a namespace; the identifier is an attribute, the rest elements."""
    text = f'{head}<c:catalogue xmlns:c="urn:catalogue">{eol}<!-- <product/> -->{eol}<c:list>{eol}'
    lines = []
    for number, row in enumerate(table):
        lines.append(_line_of(text))
        body = "".join(
            f"{eol}<c:{name}>{escape(row[name])}</c:{name}>" for name in COLUMNS if name != "sku"
        )
        made = f'<c:product sku="{escape(row["sku"])}">{body}</c:product>'
        text += (raw or {}).get(number, made) + eol
    return Written(text + f"</c:list>{eol}</c:catalogue>{eol}", tuple(lines))


def workbook(
    table: Sequence[Row],
    *,
    first_row: int = 1,
    sheet: str = "Produits",
    numbers: Sequence[str] = ("price", "stock"),
    columns: Sequence[str] = COLUMNS,
    cells: dict[tuple[int, str], str] | None = None,
    gap: int | None = None,
) -> tuple[bytes, tuple[int, ...]]:
    """An XLSX and the row of each record; `cells`: XML of single cells; `gap`: an empty row."""
    rows_xml = [_row(first_row, {name: name for name in columns}, columns, (), {})]
    lines, at = [], first_row
    for number, row in enumerate(table):
        at += 2 if number == gap else 1
        lines.append(at)
        own = {name: text for (of, name), text in (cells or {}).items() if of == number}
        rows_xml.append(_row(at, row, columns, numbers, own))
    return pack(workbook_parts("".join(rows_xml), sheet)), tuple(lines)


def _row(
    at: int, row: Row, columns: Sequence[str], numbers: Sequence[str], own: dict[str, str]
) -> str:
    made = ""
    for place, name in enumerate(columns):
        ref = f"{chr(ord('A') + place)}{at}"
        if name in own:
            made += own[name].replace("REF", ref)
        elif name in numbers:
            made += f'<c r="{ref}"><v>{row[name]}</v></c>'
        elif row[name]:
            text = escape(row[name])
            made += f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f'<row r="{at}">{made}</row>'


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def workbook_parts(rows_xml: str, sheet: str = "Produits") -> dict[str, str]:
    """The parts of a workbook with one sheet; style 1 is a date."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{sheet}" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows_xml}'
        "</sheetData></worksheet>",
    }


def pack(parts: dict[str, str] | dict[str, bytes]) -> bytes:
    """A zip of these files, always the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (2025, 3, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
