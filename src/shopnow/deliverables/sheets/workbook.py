"""XLSX written row by row: inline texts only, so that no cell is ever a formula.

The same pages give the same bytes: entries carry no time.  Texts that look like a formula are
marked as quoted, so that editing such a cell does not make it one either.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from shopnow.deliverables.sheets.model import LOOKS, Page
from shopnow.deliverables.sheets.textfile import defused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from shopnow.deliverables.sheets.model import Cell

MOST_ROWS: Final = 1_048_576
_LONGEST: Final = 32_000
_USUAL_WIDTH: Final = 10
# A spreadsheet shows rows up to 409 points high.
_MOST_LINES: Final = 12
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# What XML 1.0 cannot hold.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Font and fill of each look, in the order of LOOKS.
_FONTS: Final = (
    '<font><sz val="10"/><name val="Calibri"/></font>',
    '<font><b/><sz val="15"/><color rgb="FF1F3864"/><name val="Calibri"/></font>',
    '<font><b/><sz val="10"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font>',
    '<font><b/><sz val="10"/><color rgb="FF1F3864"/><name val="Calibri"/></font>',
    '<font><b/><sz val="10"/><color rgb="FF9C0006"/><name val="Calibri"/></font>',
    '<font><b/><sz val="10"/><color rgb="FF7F6000"/><name val="Calibri"/></font>',
    '<font><b/><sz val="10"/><color rgb="FF9C0006"/><name val="Calibri"/></font>',
    '<font><sz val="10"/><color rgb="FF595959"/><name val="Calibri"/></font>',
    '<font><b/><sz val="10"/><name val="Calibri"/></font>',
    '<font><b/><sz val="11"/><color rgb="FF1F3864"/><name val="Calibri"/></font>',
)
_FILLS: Final = (0, 0, 2, 3, 0, 0, 4, 0, 0, 0)
_COLOURS: Final = ("FF1F3864", "FFD9E2F3", "FFFFC7CE")


def write_workbook(stream: BinaryIO, pages: Sequence[Page]) -> None:
    """Write pages as a workbook.  Rows beyond what a sheet holds are the caller's to leave out."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _frame(pages):
            archive.writestr(_entry(name), text)
        for place, page in enumerate(pages, 1):
            with archive.open(_entry(f"xl/worksheets/sheet{place}.xml"), "w") as sheet:
                for part in _sheet(page):
                    sheet.write(part.encode())


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _frame(pages: Sequence[Page]) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(pages) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
            f"{overrides}</Types>"
        ),
    )
    yield (
        "_rels/.rels",
        (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
            f' Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
    )
    sheets = "".join(
        f'<sheet name={quoteattr(page.name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, page in enumerate(pages, 1)
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{sheets}</sheets></workbook>',
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    last = len(pages) + 1
    yield (
        "xl/_rels/workbook.xml.rels",
        (
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{links}<Relationship'
            f' Id="rId{last}" Type="{_REL}/styles" Target="styles.xml"/></Relationships>'
        ),
    )
    yield "xl/styles.xml", _styles()


def _styles() -> str:
    fills = '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"'
    fills += "/></fill>" + "".join(
        f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill></fill>'
        for colour in _COLOURS
    )
    line = '<{0} style="thin"><color rgb="FFBFBFBF"/></{0}>'
    edges = "".join(line.format(side) for side in ("left", "right", "top", "bottom"))
    forms = "".join(_form(place, quoted) for place in range(len(LOOKS)) for quoted in (0, 1))
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="{len(_FONTS)}">{"".join(_FONTS)}</fonts>'
        f'<fills count="{2 + len(_COLOURS)}">{fills}</fills>'
        '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
        f"<border>{edges}<diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        f'</cellStyleXfs><cellXfs count="{2 * len(LOOKS)}">{forms}</cellXfs></styleSheet>'
    )


def _form(place: int, quoted: int) -> str:
    look = LOOKS[place]
    border = 0 if look in ("title", "mute", "bold", "strong") else 1
    wrap = 0 if look == "title" else 1
    # Format 49 is text: what is typed over such a cell stays text, leading zeros included.
    return (
        f'<xf numFmtId="49" fontId="{place}" fillId="{_FILLS[place]}" borderId="{border}" xfId="0"'
        f' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"'
        f' quotePrefix="{quoted}"><alignment horizontal="left" vertical="top"'
        f' wrapText="{wrap}"/></xf>'
    )


def _sheet(page: Page) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr'
    yield f' fitToPage="{int(page.fits)}"/></sheetPr>'
    yield _views(page)
    if page.widths:
        yield "<cols>"
        for n, width in enumerate(page.widths, 1):
            yield f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        yield "</cols>"
    yield "<sheetData>"
    last = columns = 0
    merged: list[str] = []
    for last, row in enumerate(page.rows, 1):
        place = 0
        cells = []
        for cell in row:
            cells.append(_cell(last, place, cell))
            if cell.span > 1:
                merged.append(f"{letters(place)}{last}:{letters(place + cell.span - 1)}{last}")
            place += cell.span
        columns = max(columns, place)
        yield f'<row r="{last}"{_height(row, page.widths)}>{"".join(cells)}</row>'
    yield "</sheetData>"
    if page.filtered and last >= page.filtered and columns:
        yield f'<autoFilter ref="A{page.filtered}:{letters(columns - 1)}{last}"/>'
    if merged:
        cells = [f'<mergeCell ref="{ref}"/>' for ref in merged]
        yield f'<mergeCells count="{len(merged)}">{"".join(cells)}</mergeCells>'
    yield '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/>'
    yield '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
    yield "</worksheet>"


def _height(row: Sequence[Cell], widths: Sequence[int]) -> str:
    """The height that shows every line of the row's texts: programs do not work it out alike."""
    place, lines = 0, 1
    for cell in row:
        width = sum(widths[place : place + cell.span]) or _USUAL_WIDTH
        # Bold letters are wider; words do not break.
        room = max(
            width * (0.8 if cell.look in ("wrong", "bad", "bold", "strong", "head") else 0.95), 4
        )
        parts = str(cell.value)[:_LONGEST].split("\n")
        lines = max(lines, sum(-(-max(len(part), 1) // int(room)) for part in parts))
        place += cell.span
    if any(cell.look == "title" for cell in row):
        return ' ht="24" customHeight="1"'
    return f' ht="{min(lines, _MOST_LINES) * 13.5:g}" customHeight="1"'


def _views(page: Page) -> str:
    down, across = page.frozen
    if not (down or across):
        return '<sheetViews><sheetView workbookViewId="0" showGridLines="0"/></sheetViews>'
    corner = f"{letters(across)}{down + 1}"
    pane = "bottomRight" if down and across else "bottomLeft" if down else "topRight"
    split = (f' xSplit="{across}"' if across else "") + (f' ySplit="{down}"' if down else "")
    return (
        '<sheetViews><sheetView workbookViewId="0" showGridLines="0"><pane'
        f'{split} topLeftCell="{corner}" activePane="{pane}" state="frozen"/></sheetView>'
        "</sheetViews>"
    )


def _cell(row: int, place: int, cell: Cell) -> str:
    where = f"{letters(place)}{row}"
    style = 2 * LOOKS.index(cell.look)
    if isinstance(cell.value, int):
        return f'<c r="{where}" s="{style}"><v>{cell.value}</v></c>'
    text = _CONTROL.sub("\ufffd", cell.value)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    if not text:
        return f'<c r="{where}" s="{style}"/>'
    quoted = int(defused(text) != text)
    return (
        f'<c r="{where}" s="{style + quoted}" t="inlineStr"><is>'
        f'<t xml:space="preserve">{escape(text)}</t></is></c>'
    )


def letters(place: int) -> str:
    """The letters of a column, from 0.

    >>> letters(0), letters(25), letters(26), letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
