"""Defects of JSON and XML documents, of JSON lines and of workbooks."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any

from tests.ugly.goods import COLUMNS, Row, document, ndjson, pack, workbook, workbook_parts, xml
from tests.ugly.model import MAKERS, defect
from tests.ugly.texts import good, packed, refused

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.ugly.goods import Written

Made = dict[str, Any]
WRITERS: dict[str, Callable[[list[Row], dict[int, str]], Written]] = {
    "ndjson": ndjson,
    "json": document,
    "xml": xml,
}


def _form(layout: str, name: str, make: Callable[[list[Row]], Any], **more: Any) -> None:  # noqa: ANN401
    """A form that is read right: `make` gives what was written, or that and its bytes."""

    def maker(table: list[Row], _: random.Random) -> Made:
        made = make(table)
        written, content = made if isinstance(made, tuple) else (made, None)
        return good(table, written, content) | {"layout": layout} | more

    MAKERS.append((f"{layout} {name}", maker))


def _bytes(written: Written, *how: Any) -> tuple[Written, bytes]:  # noqa: ANN401
    return written, written.encoded(*how)


_form("ndjson", "with a byte order mark", lambda t: _bytes(ndjson(t), "utf-8", codecs.BOM_UTF8))
_form("ndjson", "in UTF-16", lambda t: _bytes(ndjson(t), "utf-16-le", codecs.BOM_UTF16_LE))
_form("ndjson", "with empty lines", lambda t: ndjson(t, before="\n \n"))
_form("ndjson", "in a zip", lambda t: (ndjson(t), pack({"a.ndjson": ndjson(t).encoded()})))
_form("json", "written over many lines", document)
_form("json", "in UTF-8 with a mark", lambda t: _bytes(document(t), "utf-8", codecs.BOM_UTF8))
_form("json", "in UTF-16", lambda t: _bytes(document(t), "utf-16-be", codecs.BOM_UTF16_BE))
_form("json", "in a gzip", lambda t: (document(t), packed(document(t).encoded())))
_form("json", "that is the array itself", lambda t: document(t, head="[\n", tail="]"),
      dialect={"record": ""})  # fmt: skip
_form("xml", "written over many lines", xml)
_form("xml", "with carriage returns", lambda t: xml(t, eol="\r\n"))
_form("xml", "in UTF-16", lambda t: _bytes(xml(t, head=""), "utf-16-le", codecs.BOM_UTF16_LE))
_form("xml", "in Windows-1252 as it says", lambda t: _bytes(
    xml(t, head='<?xml version="1.0" encoding="Windows-1252"?>\n'), "cp1252"))  # fmt: skip
_form("xml", "in a zip", lambda t: (xml(t), pack({"a.xml": xml(t).encoded()})))
_form("xml", "with a DOCTYPE that the source lets pass",
      lambda t: xml(t, head='<?xml version="1.0"?>\n<!DOCTYPE c SYSTEM "c.dtd">\n'),
      dialect={"doctype": "c"})  # fmt: skip


@defect("json on a single line")
def _(table: list[Row], _: random.Random) -> Made:
    content = json.dumps({"data": {"products": table}}, ensure_ascii=False).encode()
    # All records begin on line 1: they are numbered by their place.
    return {"layout": "json", "content": content, "table": table,
            "lines": tuple(range(1, len(table) + 1))}  # fmt: skip


@defect("xml with text in CDATA and entities")
def _(table: list[Row], _: random.Random) -> Made:
    table[4]["title"] = "Fer & <Fils>"
    text = '<c:product sku="{sku}"><c:title><![CDATA[Fer & <Fils>]]></c:title>'.format(**table[4])
    text += "".join(
        f"<c:{name}>{table[4][name].replace('&', '&#38;')}</c:{name}>"
        for name in COLUMNS if name not in ("sku", "title")
    )  # fmt: skip
    written = xml(table, {4: text + "</c:product>"})
    return good(table, written) | {"layout": "xml"}


# -- lines and elements that are no records -----------------------------------------------------


def _bad(name: str, layout: str, raw: str, code: str) -> None:
    def maker(table: list[Row], rng: random.Random) -> Made:
        at = rng.randrange(len(table))
        written = WRITERS[layout](table, {at: raw})
        made = good(table, written) | {"layout": layout}
        return made | {"bad": {written.lines[at]: code}}

    MAKERS.append((f"{layout} with {name}", maker))


_bad("a line that is no JSON", "ndjson", '{"sku": "a", ', "invalid_json")
_bad("a line that is an array", "ndjson", "[1, 2]", "not_an_object")
_bad("a zero byte in a text", "ndjson", '{"sku": "a\\u0000b"}', "nul_byte")
_bad("half a character", "ndjson", '{"sku": "\\ud800"}', "invalid_json")
_bad("a number that is none", "ndjson", '{"sku": NaN}', "invalid_json")
_bad("a line nested without end", "ndjson", "[" * 50_000, "invalid_json")
_bad("an element that is a text", "json", '"text"', "not_an_object")
_bad("an element that is null", "json", "null", "not_an_object")
_bad("a zero byte in a text", "json", '{\n"sku": "a\\u0000b"}', "nul_byte")
_bad("a record of five megabytes", "xml",
     f'<c:product sku="a"><c:title>{"x" * 5_000_000}</c:title></c:product>',
     "line_too_long")  # fmt: skip


@defect("ndjson with a line that is no UTF-8")
def _(table: list[Row], _: random.Random) -> Made:
    written = ndjson(table)
    marked = table[6]["sku"].encode()
    content = written.encoded().replace(marked, b"\xe9" + marked[1:])
    made = good(table, written, content) | {"layout": "ndjson"}
    return made | {"bad": {written.lines[6]: "undecodable"}}


# -- documents that are refused -----------------------------------------------------------------


def _broken(name: str, layout: str, code: str, raw: str, *words: str, within: int = 0) -> None:
    """`raw` stands in the place of a record; the reason names its line plus `within`."""

    def maker(table: list[Row], rng: random.Random) -> Made:
        at = rng.randrange(3, len(table) - 1)
        written = WRITERS[layout](table, {at: raw})
        line = f"ligne {written.lines[at] + within},"
        return refused(written.encoded(), code, line, *words, layout=layout)

    MAKERS.append((f"{layout} with {name}", maker))


_broken("a comma too many", "json", "invalid_json", '{"sku": "a",}')
_broken("a name without quotes", "json", "invalid_json", "{sku: 1}")
_broken("a line end within a text", "json", "invalid_json", '{"sku": "a\nb"}')
_broken("a number that is none", "json", "invalid_json", "NaN")
_broken("a document nested without end", "json", "invalid_json", "[" * 100_000, "imbriqués")
_broken("an element that is not closed", "xml", "invalid_xml",
        '<c:product sku="a">\n<c:title>A</c:product>', within=1)  # fmt: skip
_broken("a bare ampersand", "xml", "invalid_xml", '<c:product sku="a"><c:title>A & B</c:title>')
_broken("an entity nobody declared", "xml", "invalid_xml", "<c:product>&nbsp;</c:product>")
_broken("elements nested without end", "xml", "invalid_xml", "<a>" * 200, "imbriqués")
_broken("a prefix nobody declared", "xml", "invalid_xml", "<d:product/>")


@defect("json cut in the middle")
def _(table: list[Row], _: random.Random) -> Made:
    written = document(table)
    content = written.encoded()[: -len('\n]}, "end": null}\n') - 3]
    return refused(content, "cut_in_the_middle", "JSON", layout="json")


@defect("json without the array")
def _(table: list[Row], _: random.Random) -> Made:
    written = document(table, head='{"data": {"items": [')
    return refused(written.encoded(), "no_records", "data.products", layout="json")


@defect("json with text after its end")
def _(table: list[Row], _: random.Random) -> Made:
    written = document(table)
    line = f"ligne {written.text.count(chr(10)) + 1},"
    return refused(written.encoded() + b"{}", "invalid_json", line, layout="json")


@defect("xml cut in the middle")
def _(table: list[Row], _: random.Random) -> Made:
    return refused(xml(table).encoded()[:-40], "cut_in_the_middle", "XML", layout="xml")


@defect("xml without the records")
def _(table: list[Row], _: random.Random) -> Made:
    content = xml(table).encoded().replace(b"c:list", b"c:liste")
    return refused(content, "no_records", "c:product", layout="xml")


@defect("xml that says UTF-8 and is Windows-1252")
def _(table: list[Row], _: random.Random) -> Made:
    table[9]["title"] = "Théière"
    for row in table[:9]:
        row |= {"title": "A", "description": "", "brand": "B"}
    written = xml(table)
    line = written.lines[9] + 1
    return refused(written.encoded("cp1252"), "wrong_encoding", f"ligne {line} ", layout="xml")


def _doctype(name: str, head: str, **more: Any) -> None:  # noqa: ANN401
    def maker(table: list[Row], _: random.Random) -> Made:
        written = xml(table, head=f'<?xml version="1.0"?>\n{head}\n')
        return refused(written.encoded(), "doctype_refused", "(ligne ", layout="xml") | more

    MAKERS.append((f"xml with {name}", maker))


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_doctype("a DOCTYPE", '<!DOCTYPE c SYSTEM "c.dtd">')
_doctype("entities that swell", f'<!DOCTYPE c [<!ENTITY l0 "x">{_LAUGHS}]>')
_doctype("a file of the server as entity", '<!DOCTYPE c [<!ENTITY f SYSTEM "file:///etc/hosts">]>')
_doctype("a declaring DOCTYPE though one is let pass", '<!DOCTYPE c [<!ENTITY a "b">]>',
         dialect={"doctype": "c"})  # fmt: skip


# -- workbooks ----------------------------------------------------------------------------------


def _book(
    name: str,
    meant: Callable[[list[Row]], list[Row]] = list,
    dialect: dict[str, Any] | None = None,
    **how: Any,  # noqa: ANN401
) -> None:
    """A workbook that is read right; `meant`: the clean rows, changed as the form needs."""

    def maker(table: list[Row], _: random.Random) -> Made:
        meant_table = meant(table)
        content, lines = workbook(meant_table, **how)
        return {"layout": "xlsx", "content": content, "table": meant_table, "lines": lines,
                "dialect": dialect or {}}  # fmt: skip

    MAKERS.append((f"xlsx {name}", maker))


def _with(column: str, value: str, at: int | None = None) -> Callable[[list[Row]], list[Row]]:
    def changed(table: list[Row]) -> list[Row]:
        for place, row in enumerate(table):
            if at in (None, place):
                row[column] = value
        return table

    return changed


_book("with prices as numbers and barcodes as text")
_book("with barcodes as numbers", _with("ean", "4006381333931"),
      numbers=("price", "stock", "ean"))  # fmt: skip
_book("whose table begins in row 4", first_row=4, dialect={"header_line": 4})
_book("with an empty row", gap=5)
_book("whose sheet is named", sheet="Export", dialect={"sheet": "Export"})
# 45717.5 days after 1899-12-30 is 2025-03-01 at noon, formatted as a date.
_book("with a date as a number", cells={(2, "updated"): '<c r="REF" s="1"><v>45717.5</v></c>'})
_book("with a number that binary cannot hold", _with("price", "0.3", 3),
      cells={(3, "price"): '<c r="REF"><v>0.30000000000000004</v></c>'})  # fmt: skip


@defect("xlsx with an error in a cell")
def _(table: list[Row], _: random.Random) -> Made:
    cells = {(8, "title"): '<c r="REF" t="e"><v>#N/A</v></c>'}
    content, lines = workbook(table, cells=cells)
    return {"layout": "xlsx", "content": content, "table": table, "lines": lines,
            "rejects": {lines[8]: {"missing_value"}}}  # fmt: skip


@defect("xlsx without the sheet")
def _(table: list[Row], _: random.Random) -> Made:
    content, _lines = workbook(table, sheet="Feuil1")
    return refused(content, "missing_sheet", "« Feuil1 »", layout="xlsx",
                   dialect={"sheet": "Export"})  # fmt: skip


@defect("xlsx that lacks a mandatory column")
def _(table: list[Row], _: random.Random) -> Made:
    content, _lines = workbook(table, columns=[name for name in COLUMNS if name != "title"])
    return refused(content, "missing_column", "« title »", "ligne 1", layout="xlsx")


@defect("xlsx that is text")
def _(_: list[Row], __: random.Random) -> Made:
    return refused(b"sku;title\n", "corrupt_file", "XLSX", layout="xlsx")


@defect("xlsx of the old form or with a password")
def _(_: list[Row], __: random.Random) -> Made:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    return refused(content, "binary_file", "mot de passe", layout="xlsx")


@defect("xlsx that is cut")
def _(table: list[Row], _: random.Random) -> Made:
    content, _lines = workbook(table)
    return refused(content[:-50], "corrupt_file", "XLSX", layout="xlsx")


@defect("xlsx that claims seventeen thousand million cells")
def _(_: list[Row], __: random.Random) -> Made:
    cell = '<row r="{0}"><c r="{1}{0}"><v>1</v></c></row>'
    parts = workbook_parts(cell.format(1, "A") + cell.format(1048576, "XFD"))
    return refused(pack(parts), "decompression_bomb", "cellules", layout="xlsx")


@defect("xlsx that swells without end")
def _(_: list[Row], __: random.Random) -> Made:
    parts = workbook_parts("<!--" + " " * (100 << 20) + "-->")
    return refused(pack(parts), "decompression_bomb", "XLSX", layout="xlsx")


@defect("xlsx whose shared texts declare entities")
def _(table: list[Row], _: random.Random) -> Made:
    parts = workbook_parts("")
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = '<!DOCTYPE w [<!ENTITY a "b">]>' + parts[sheet]
    return refused(pack(parts), "doctype_refused", layout="xlsx")
