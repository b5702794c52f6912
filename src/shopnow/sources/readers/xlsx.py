"""XLSX workbooks: one sheet, every cell as the text that the sender saw, rows by their number.

A workbook is a zip of XML: its size, its shape and the place of its cells are judged before it is
opened, because a few kilobytes can claim a sheet of seventeen thousand million cells.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import fastexcel
import polars as pl

from shopnow.sources.readers import refusals
from shopnow.sources.readers.archive import DAMAGED, ZIP_MAGICS, is_workbook, open_archive
from shopnow.sources.readers.decompress import GZIP_MAGIC, open_source
from shopnow.sources.readers.model import LINE, MIB, Limits, RawChunk
from shopnow.sources.readers.parquet import FrameRows

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Collection, Iterator, Sequence
    from typing import BinaryIO

CHUNK_ROWS: Final = 50_000
MOST_BYTES: Final = 512 * MIB
MOST_CELLS: Final = 15_000_000
MAX_RATIO: Final = 200
RATIO_FROM: Final = 64 * MIB
BLOCK: Final = MIB
OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
# References of cells and rows, however the attribute is spaced and quoted; one split by the end of
# a block is found again, because blocks overlap.
_PLACE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,3})([0-9]{1,7})["']""")
_HIDDEN_PLACE: Final = re.compile(rb"""\sr\s*=\s*["'][^"'<>]{0,40}&""")
OVERLAP: Final = 64
DOCTYPE: Final = b"<!DOCTYPE"


@dataclass(frozen=True, slots=True)
class SheetPlace:
    """`sheet`: its name, None for the first one; `header_line`: row of the column names, from 1."""

    sheet: str | None = None
    header_line: int = 1


def read_xlsx(
    stream: BinaryIO,
    place: SheetPlace,
    wanted: Sequence[str],
    required: Collection[str] = (),
) -> Iterator[RawChunk]:
    """Give the rows of one sheet, every wanted column as text; `_line`: the row's own number.

    Numbers are written as the workbook shows them (15 digits at most), dates as ISO 8601, booleans
    true and false. An empty cell and a cell of an error are ""; a column that is not there is all
    null; a row with no cell is blank. The first chunk holds the header alone.
    Raises UnreadableFile: empty_file, binary_file, corrupt_file, decompression_bomb,
    missing_sheet, missing_column, duplicate_column or doctype_refused.
    """
    book = _opened(stream)
    names = book.sheet_names
    sheet = place.sheet if place.sheet is not None else names[0]
    if sheet not in names:
        raise refusals.missing_sheet(sheet, names)
    try:
        # Rows are counted from the sheet's first one, filled or not, only when told where to begin.
        loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
        rows = loaded.to_polars()
    except fastexcel.FastExcelError as broken:
        raise refusals.corrupt_file("XLSX", f"la feuille « {sheet} » est illisible") from broken
    header = _header(rows, place.header_line)
    yield from _chunks(rows, header, place.header_line, wanted, required)


def _opened(stream: BinaryIO) -> fastexcel.ExcelReader:
    content = _unpacked(stream.read(MOST_BYTES + 1))
    if not content.strip(b"\0 \r\n\t"):
        raise refusals.empty_file()
    if content.startswith(OLD_OFFICE):
        raise refusals.binary_file(
            "celui d'un ancien fichier Office (XLS) ou d'un classeur protégé par un mot de passe"
        )
    if not content.startswith(ZIP_MAGICS):
        raise refusals.corrupt_file("XLSX", "ce n'est pas un classeur")
    archive = open_archive(io.BytesIO(content), b"")
    if not is_workbook(archive):
        raise refusals.corrupt_file("XLSX", "l'archive ne contient pas de classeur")
    _refuse_bomb(archive, len(content))
    try:
        return fastexcel.read_excel(content)
    except fastexcel.FastExcelError as broken:
        raise refusals.corrupt_file("XLSX", "il ne s'ouvre pas") from broken


def _unpacked(content: bytes) -> bytes:
    """The workbook itself, out of the gzip or the zip in which it may have been sent."""
    if not content.startswith((GZIP_MAGIC, *ZIP_MAGICS)):
        return content
    if content.startswith(ZIP_MAGICS) and is_workbook(open_archive(io.BytesIO(content), b"")):
        return content
    limits = Limits(max_output_bytes=MOST_BYTES, ratio_from_bytes=RATIO_FROM)
    source = open_source(io.BytesIO(content), limits)
    return b"".join(iter(lambda: source.read(BLOCK), b""))


def _refuse_bomb(archive: zipfile.ZipFile, size: int) -> None:
    """Decompress every part once, holding none, and look where its cells stand."""
    given = 0
    for entry in archive.infolist():
        lowest = widest = 0
        tail = b""
        try:
            with archive.open(entry) as part:
                while block := part.read(BLOCK):
                    given += len(block)
                    if given > MOST_BYTES or (given > RATIO_FROM and given > MAX_RATIO * size):
                        limit = f"rapport {MAX_RATIO} ou {MOST_BYTES:_} octets"
                        raise refusals.decompression_bomb(size, given, limit, "XLSX")
                    lowest, widest = _extent(tail + block, lowest, widest)
                    tail = block[-OVERLAP:]
        except DAMAGED as broken:
            raise refusals.corrupt_file("XLSX", "une partie ne se décompresse pas") from broken
        if lowest * widest > MOST_CELLS:
            limit = f"{MOST_CELLS:_} cellules, trouvé {lowest:_} lignes sur {widest:_} colonnes"
            raise refusals.decompression_bomb(size, given, limit, "XLSX")


def _extent(block: bytes, lowest: int, widest: int) -> tuple[int, int]:
    if DOCTYPE in block:
        raise refusals.refused_doctype("XLSX", 1)
    if _HIDDEN_PLACE.search(block):
        raise refusals.corrupt_file("XLSX", "la place d'une cellule y est écrite de façon cachée")
    places = _PLACE.findall(block)
    if not places:
        return lowest, widest
    columns = {_column_number(letters) for letters in {letters for letters, _ in places}}
    rows = {int(row) for _, row in places}
    return max(lowest, *rows), max(widest, *columns)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _header(rows: pl.DataFrame, line: int) -> list[str]:
    if rows.height == 0 or rows.width == 0:
        raise refusals.empty_file()
    if rows.height < line:
        raise refusals.bad_header(line, f"la feuille n'a que {rows.height} lignes")
    return [(name or "").strip() for name in rows.row(line - 1)]


def _chunks(
    rows: pl.DataFrame,
    header: Sequence[str],
    line: int,
    wanted: Sequence[str],
    required: Collection[str],
) -> Iterator[RawChunk]:
    asked = list(dict.fromkeys([*wanted, *required]))
    missing = [name for name in dict.fromkeys(required) if name not in header]
    if missing or (asked and not any(name in header for name in asked)):
        raise refusals.missing_columns(missing or asked, header, line, asked)
    counts = Counter(header)
    if doubled := [name for name in asked if counts[name] > 1]:
        raise refusals.duplicate_columns(doubled, line)
    columns = [
        pl.col(rows.columns[header.index(name)]).fill_null("").alias(name)
        if name in header
        else pl.lit(None, dtype=pl.String).alias(name)
        for name in dict.fromkeys(wanted)
    ]
    numbered = rows.with_row_index(LINE, offset=1).with_columns(pl.col(LINE).cast(pl.Int64))
    head = numbered.head(0).select(LINE, *columns)
    yield RawChunk(head, None, (), line, line, FrameRows(head), tuple(filter(None, header)))
    is_blank = pl.all_horizontal(
        pl.col(name).fill_null("").str.strip_chars() == "" for name in rows.columns
    )
    for part in numbered.slice(line).iter_slices(CHUNK_ROWS):
        frame = part.filter(~is_blank).select(LINE, *columns)
        blank = part.height - frame.height
        yield RawChunk(frame, None, (), part.height, blank, FrameRows(frame))
