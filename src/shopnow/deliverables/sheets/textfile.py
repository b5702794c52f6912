"""CSV that a spreadsheet opens with its accents right and without running any of it."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import BinaryIO

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
# What a spreadsheet may take for a formula, full-width forms included (OWASP, CSV injection).
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def defused(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what may begin one.

    A plain number is left as it is.

    >>> defused("=1+1"), defused("-12,50"), defused("@SUM(A1)"), defused("Poêle")
    ("'=1+1", '-12,50', "'@SUM(A1)", 'Poêle')
    """
    starts = text.startswith(_STARTS) or text.lstrip().startswith(_STARTS)
    return f"'{text}" if starts and not _NUMBER.fullmatch(text) else text


def write_text(stream: BinaryIO, rows: Iterable[Sequence[str]], delimiter: str) -> int:
    """Write rows as CSV: UTF-8 with a byte order mark, every cell quoted; returns their number."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    count = 0
    for row in rows:
        writer.writerow([defused(cell) for cell in row])
        count += 1
    text.flush()
    text.detach()
    return count
