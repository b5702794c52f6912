"""The columns of a CSV file: which field of a record holds which wanted name.

A header that does not hold what the mapping needs stops the file before its first record.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shopnow.sources.readers import refusals
from shopnow.sources.readers.csv_exact import NeedMore, StillOpen, scan_record

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from shopnow.sources.readers.csv_exact import Grammar
    from shopnow.sources.readers.model import CsvDialect

CANDIDATES: Final = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Columns:
    """`width`: fields of a record; `places`: field number of each wanted name, None = not there."""

    width: int
    places: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Header:
    """The raw header, and how much of the file it and the lines before it take.

    `line`: its first physical line; `lines`: logical lines up to and with it.
    """

    names: list[str]
    raw: bytes
    line: int
    lines: int
    newlines: int
    consumed: int


def find_header(buffer: bytes, dialect: CsvDialect, grammar: Grammar, *, is_last: bool) -> Header:
    """Return the header at `header_line`, or at the first line after it that is not empty.

    Raises NeedMore, or UnreadableFile: empty_file, bad_header.
    """
    at = lines = 0
    while True:
        end = buffer.find(b"\n", at)
        if end < 0:
            _refuse_no_header(buffer, dialect, is_last=is_last)
        if lines >= dialect.header_line - 1 and buffer[at:end].strip():
            break
        lines += 1
        at = end + 1
    try:
        record = scan_record(buffer, at, grammar, is_last=is_last)
    except StillOpen:
        found = "mais un guillemet y est ouvert et jamais fermé"
        raise refusals.bad_header(lines + 1, found) from None
    names = [name.decode().replace("\ufeff", "").strip() for name in record.fields]
    newlines = lines + buffer.count(b"\n", at, record.end + 1)
    raw = buffer[at : record.end]
    return Header(names, raw, lines + 1, lines + 1, newlines, record.end + 1)


def _refuse_no_header(buffer: bytes, dialect: CsvDialect, *, is_last: bool) -> None:
    if not is_last:
        raise NeedMore
    if not buffer.strip():
        raise refusals.empty_file()
    found = f"le fichier n'a que {buffer.count(10)} lignes"
    raise refusals.bad_header(dialect.header_line, found)


def place_columns(
    header: Header, dialect: CsvDialect, wanted: Sequence[str], required: Collection[str]
) -> Columns:
    """Return where each wanted name stands.

    Raises UnreadableFile: wrong_delimiter, missing_column or duplicate_column.
    """
    names = header.names
    asked = list(dict.fromkeys([*wanted, *required]))
    present = set(names) & set(asked)
    missing = [name for name in dict.fromkeys(required) if name not in present]
    if asked and (missing or not present):
        guess = guess_delimiter(header, dialect, asked)
        if guess or (len(names) == 1 and len(asked) > 1):
            raise refusals.wrong_delimiter(dialect, header.line, asked, guess)
        raise refusals.missing_columns(missing or asked, names, header.line, asked)
    counts = Counter(names)
    doubled = [name for name in asked if counts[name] > 1]
    if doubled:
        raise refusals.duplicate_columns(doubled, header.line)
    places = {name: names.index(name) if name in present else None for name in asked}
    return Columns(len(names), places)


def guess_delimiter(header: Header, dialect: CsvDialect, asked: Collection[str]) -> str | None:
    """Return the separator that shows more of the wanted names than the declared one, if any."""
    text = header.raw.decode()
    best, best_count = None, len(set(header.names) & set(asked))
    for candidate in CANDIDATES:
        if candidate == dialect.delimiter:
            continue
        cells = {cell.strip().strip(dialect.quote or "").strip() for cell in text.split(candidate)}
        count = len(cells & set(asked))
        if count > best_count and len(cells) > 1:
            best, best_count = candidate, count
    return best
