"""Defects of delimited text: forms to be read, lines and files to be refused."""

from __future__ import annotations

import codecs
import gzip
from typing import TYPE_CHECKING, Any

from tests.ugly.goods import COLUMNS, Row, csv, pack, tsv
from tests.ugly.model import MAKERS, defect

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

Made = dict[str, Any]


def packed(content: bytes) -> bytes:
    """A gzip that is always the same bytes."""
    return gzip.compress(content, mtime=0)


def good(table: list[Row], written: Any, content: bytes | None = None, **more: Any) -> Made:  # noqa: ANN401
    """A file of which every record is accepted."""
    made = {"layout": "csv", "table": table, "lines": written.lines}
    return made | {"content": written.encoded() if content is None else content} | more


def refused(content: bytes, *words: str, layout: str = "csv", **more: Any) -> Made:  # noqa: ANN401
    """A file that is refused as a whole: the code, then words of the reason."""
    return {"layout": layout, "content": content, "refused": words} | more


def _forms() -> None:
    """Texts that say the same in another form."""
    encodings: dict[str, tuple[str, bytes, dict[str, Any]]] = {
        "csv in UTF-8 with a byte order mark": ("utf-8", codecs.BOM_UTF8, {}),
        "csv in UTF-16 little end first with a mark": ("utf-16-le", codecs.BOM_UTF16_LE, {}),
        "csv in UTF-16 big end first with a mark": ("utf-16-be", codecs.BOM_UTF16_BE, {}),
        "csv in UTF-16 without a mark": ("utf-16-le", b"", {}),
        "csv in Windows-1252 not declared": ("cp1252", b"", {}),
        "csv in Windows-1252 declared": ("cp1252", b"", {"encoding": "cp1252"}),
        "csv in UTF-8 with a mark though Windows-1252 is declared": (
            "utf-8", codecs.BOM_UTF8, {"encoding": "cp1252"},
        ),
    }  # fmt: skip
    for name, (encoding, mark, dialect) in encodings.items():

        def encoded(
            table: list[Row], _: random.Random,
            parts: tuple[str, bytes, dict[str, Any]] = (encoding, mark, dialect),
        ) -> Made:  # fmt: skip
            written = csv(table)
            content = written.encoded(parts[0], parts[1])
            return good(table, written, content, dialect=parts[2])

        MAKERS.append((name, encoded))
    for name, sign in {"semicolon": ";", "bar": "|", "tab": "\t"}.items():

        def delimited(table: list[Row], _: random.Random, delimiter: str = sign) -> Made:
            return good(table, csv(table, delimiter), dialect={"delimiter": delimiter})

        MAKERS.append((f"csv with {name}", delimited))


_forms()


@defect("csv in Latin-1 declared")
def _(table: list[Row], _: random.Random) -> Made:
    for row in table:
        row["title"] = row["title"].replace("Œ", "OE").replace("œ", "oe")
        row["description"] = row["description"].replace("€", "EUR")
    written = csv(table)
    return good(table, written, written.encoded("latin-1"), dialect={"encoding": "latin-1"})


@defect("csv with carriage return and line feed")
def _(table: list[Row], _: random.Random) -> Made:
    return good(table, csv(table, eol="\r\n"))


@defect("csv of an old Macintosh, lone carriage returns")
def _(table: list[Row], _: random.Random) -> Made:
    for row in table:
        row["description"] = row["description"].replace("\n", " ")
    return good(table, csv(table, eol="\r"))


@defect("csv without a line end at its end")
def _(table: list[Row], _: random.Random) -> Made:
    written = csv(table)
    return good(table, written, written.encoded().rstrip(b"\n"))


@defect("csv with empty lines between records")
def _(table: list[Row], _: random.Random) -> Made:
    return good(table, csv(table, after={3: "\n", 8: "\n\r\n\n"}))


@defect("csv with its header on line 2")
def _(table: list[Row], _: random.Random) -> Made:
    written = csv(table, before="Export=Offres;Version=7,\n")
    return good(table, written, dialect={"header_line": 2})


@defect("csv with names of columns between spaces and in another order")
def _(table: list[Row], _: random.Random) -> Made:
    written = csv(table, columns=COLUMNS[::-1])
    content = written.encoded().replace(b"brand,description", b" brand ,description ", 1)
    return good(table, written, content)


@defect("tsv whose quotes mean nothing")
def _(table: list[Row], _: random.Random) -> Made:
    for row in table:
        row["description"] = row["description"].replace("\n", " ")
    return good(table, tsv(table)) | {"layout": "tsv"}


@defect("tsv of a flat file, template on line 1")
def _(table: list[Row], _: random.Random) -> Made:
    for row in table:
        row["description"] = row["description"].replace("\n", " ")
    written = tsv(table, before="TemplateType=Offer\tVersion=2014.0703\n")
    return good(table, written, dialect={"header_line": 2}) | {"layout": "tsv"}


@defect("csv in a gzip of several members")
def _(table: list[Row], _: random.Random) -> Made:
    written = csv(table)
    content = written.encoded()
    return good(table, written, packed(content[:500]) + packed(content[500:]))


@defect("csv in a zip")
def _(table: list[Row], _: random.Random) -> Made:
    written = csv(table)
    parts = {"__MACOSX/._export.csv": b"\0", "export.csv": written.encoded()}
    return good(table, written, pack(parts))


# What is changed in record 11 on its way into the file, and how that is declared.
def _in_form(
    name: str,
    column: str,
    form: Callable[[str], str],
    dialect: dict[str, Any],
    fields: dict[str, Any],
) -> None:
    def maker(table: list[Row], _: random.Random) -> Made:
        said = [row | {column: form(row[column])} for row in table]
        return good(table, csv(said), dialect=dialect, fields=fields)

    MAKERS.append((name, maker))


def _cents(price: str) -> str:
    return price.replace(".", "").lstrip("0")


def _grouped(price: str) -> str:
    whole, _, part = price.partition(".")
    return f"{int(whole):,}".replace(",", "\u202f") + "," + part


def _day(stamp: str, form: str) -> str:
    return form.format(year=stamp[:4], month=stamp[5:7], day=stamp[8:10])


_in_form("csv with decimal commas and spaced thousands", "price", _grouped, {"decimal": ","}, {})
_in_form(
    "csv with amounts in cents", "price", _cents, {},
    {"unit_price": {"path": "price", "cents": True}},
)  # fmt: skip
_in_form(
    "csv with JSON inside a field", "price", '[{{"qty": 5, "net": {0}}}, {{"qty": 10}}]'.format, {},
    {"unit_price": {"path": "price", "inside": "0.net"}},
)  # fmt: skip
_in_form(
    "csv with a price and its currency in one field", "price", "{0} EUR".format, {},
    {"unit_price": {"path": "price", "part": "^([0-9.]+) "}},
)  # fmt: skip
_in_form("csv with French dates", "updated", lambda s: _day(s, "{day}/{month}/{year}"), {}, {})
_in_form(
    "csv with German dates", "updated", lambda s: _day(s, "{day}.{month}.{year}"), {},
    {"effective_at": {"path": "updated", "time": "%d.%m.%Y"}},
)  # fmt: skip
_in_form(
    "csv with dates of eight digits", "updated", lambda s: _day(s, "{year}{month}{day}"), {},
    {"effective_at": {"path": "updated", "time": "%Y%m%d"}},
)  # fmt: skip
_in_form("csv with barcodes behind an apostrophe", "ean", lambda s: s and f"'{s}", {}, {})
_in_form("csv with spaces around values", "title", "\u00a0 {0}\t ".format, {}, {})


# -- lines that are no records ------------------------------------------------------------------


def _bad_line(name: str, code: str, line: Callable[[str], str]) -> None:
    def maker(table: list[Row], rng: random.Random) -> Made:
        at = rng.randrange(5, 20)
        while table[at]["description"].count("\n"):
            at += 1
        plain = ",".join(table[at][column] or "x" for column in COLUMNS if column != "description")
        written = csv(table, raw={at: line(plain)})
        made = good(table, written)
        return made | {"bad": {written.lines[at]: code}}

    MAKERS.append((name, maker))


_bad_line("csv with a line that has a field too few", "ragged_line", lambda s: s)
_bad_line("csv with a line that has fields too many", "ragged_line", lambda s: s + ",x,y")
_bad_line("csv with a quote that is never closed", "unclosed_quote", lambda s: '"' + s + ",x")
_bad_line("csv with a zero byte", "nul_byte", lambda s: s + ",\0")
_bad_line("csv with a lone carriage return in a line", "stray_cr", lambda s: s + ",a\rb")
_bad_line("csv with a line of five megabytes", "line_too_long", lambda s: s + "," + "x" * 5_000_000)


# -- files that are refused ---------------------------------------------------------------------


@defect("csv of no byte")
def _(_: list[Row], __: random.Random) -> Made:
    return refused(b"", "empty_file", "vide")


@defect("csv of blank lines")
def _(_: list[Row], __: random.Random) -> Made:
    return refused(b"\n \r\n\n", "empty_file", "vide")


@defect("csv that is a picture")
def _(_: list[Row], __: random.Random) -> Made:
    return refused(b"\x89PNG\r\n\x1a\n" + bytes(500), "binary_file", "image")


@defect("csv with another separator than declared")
def _(table: list[Row], _: random.Random) -> Made:
    return refused(csv(table, ";").encoded(), "wrong_delimiter", "point-virgule", "ligne 1")


@defect("csv without its header")
def _(table: list[Row], _: random.Random) -> Made:
    return refused(csv(table).encoded().split(b"\n", 1)[1], "missing_column", "en-tête")


@defect("csv that lacks a mandatory column")
def _(table: list[Row], _: random.Random) -> Made:
    content = csv(table).encoded().replace(b"title", b"titel", 1)
    return refused(content, "missing_column", "« title »", "« titel »")


@defect("csv with a column twice")
def _(table: list[Row], _: random.Random) -> Made:
    content = csv(table).encoded().replace(b"brand", b"title", 1)
    return refused(content, "duplicate_column", "« title »")


@defect("csv cut in a line")
def _(table: list[Row], _: random.Random) -> Made:
    written = csv(table)
    return refused(written.encoded()[:-40], "cut_in_the_middle", f"({written.lines[-1]})")


@defect("csv cut within quotes")
def _(table: list[Row], _: random.Random) -> Made:
    written = csv(table)
    last = written.text.count("\n") + 1
    content = written.encoded() + b'x,"half of a'
    return refused(content, "cut_in_the_middle", f"ligne {last} ", "guillemet")


@defect("csv in a gzip that is cut")
def _(table: list[Row], _: random.Random) -> Made:
    return refused(packed(csv(table).encoded())[:-12], "cut_in_the_middle", "gzip")


@defect("csv in a gzip whose sum is wrong")
def _(table: list[Row], _: random.Random) -> Made:
    whole = packed(csv(table).encoded())
    return refused(whole[:-8] + b"\1\2\3\4" + whole[-4:], "corrupt_file", "gzip")


@defect("csv in a gzip that swells without end")
def _(_: list[Row], __: random.Random) -> Made:
    # A gigabyte and more, in a hundred members.
    return refused(packed(bytes(16 << 20)) * 100, "decompression_bomb", "rapport")


@defect("csv in a zip that swells without end")
def _(_: list[Row], __: random.Random) -> Made:
    return refused(pack({"export.csv": bytes(64 << 20)}), "decompression_bomb", "ZIP", "rapport")


@defect("csv in a zip that is cut")
def _(table: list[Row], _: random.Random) -> Made:
    content = pack({"export.csv": csv(table).encoded()})
    return refused(content[:-30], "corrupt_file", "ZIP")


@defect("csv in a zip whose sum is wrong")
def _(table: list[Row], _: random.Random) -> Made:
    content = bytearray(pack({"export.csv": csv(table).encoded()}))
    content[14:18] = b"\1\2\3\4"
    directory = content.index(b"PK\1\2")
    content[directory + 16 : directory + 20] = b"\1\2\3\4"
    return refused(bytes(content), "corrupt_file", "somme de contrôle")


@defect("csv in a zip of two files")
def _(table: list[Row], _: random.Random) -> Made:
    content = csv(table).encoded()
    return refused(pack({"a.csv": content, "b.csv": content}), "unfit_archive", "2 fichiers")


@defect("csv in a zip within a zip")
def _(table: list[Row], _: random.Random) -> Made:
    inner = pack({"a.csv": csv(table).encoded()})
    return refused(pack({"a.zip": inner}), "unfit_archive", "lui-même une archive")


@defect("csv in a zip with a name that leads elsewhere")
def _(table: list[Row], _: random.Random) -> Made:
    content = pack({"../../etc/a.csv": csv(table).encoded()})
    return refused(content, "unfit_archive", "sort de l'archive")


@defect("csv in a zip with a password")
def _(table: list[Row], _: random.Random) -> Made:
    content = bytearray(pack({"a.csv": csv(table).encoded()}))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    return refused(bytes(content), "unfit_archive", "mot de passe")


@defect("csv declared UTF-8 with a byte of Windows-1252")
def _(table: list[Row], _: random.Random) -> Made:
    written = csv(table)
    marked = table[13]["sku"].encode()
    content = written.encoded().replace(marked, b"\xe9" + marked[1:])
    line = f"ligne {written.lines[13]} "
    return refused(content, "wrong_encoding", "0xE9", line, dialect={"encoding": "utf-8"})


@defect("csv that leaves UTF-8 in its middle")
def _(table: list[Row], _: random.Random) -> Made:
    written = csv(table)
    marked = table[17]["sku"].encode()
    content = written.encoded().replace(marked, b"\xe9" + marked[1:])
    return refused(content, "wrong_encoding", f"ligne {written.lines[17]} ")


@defect("csv with a byte that Windows-1252 does not know")
def _(table: list[Row], _: random.Random) -> Made:
    written = csv(table)
    marked = table[9]["sku"].encode("cp1252")
    content = written.encoded("cp1252").replace(marked, b"\x81" + marked[1:])
    line = f"ligne {written.lines[9]} "
    return refused(content, "wrong_encoding", "0x81", line, dialect={"encoding": "cp1252"})


@defect("workbook where csv was declared")
def _(_: list[Row], __: random.Random) -> Made:
    return refused(pack({"xl/workbook.xml": b"<workbook/>"}), "binary_file", "XLSX")
