"""Where the records of a CSV buffer begin and end, found with numpy, not with a parser.

One pass over the bytes gives each complete record its end, its first physical line and its
number of fields. The index speaks only for text that quotes as RFC 4180 wants; it stops before
the first record where a quote, a carriage return or a zero byte stands elsewhere, and the exact
parser decides there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Offsets = NDArray[np.int64]
    Bytes = NDArray[np.uint8]

LF: Final = 10
CR: Final = 13
# Small enough for the second-level cache: the pass then runs at memory speed.
BLOCK_BYTES: Final = 256 << 10
# Bounds the memory for files of very short lines; records of 70 bytes and more never reach it.
MAX_RECORDS: Final = 250_000


@dataclass(frozen=True, slots=True)
class RecordIndex:
    """The complete, regularly quoted records at the start of a buffer.

    `ends`: offset of each record's line feed. `lines`: line feeds in the buffer before the
    record's start. `fields`: separators outside quotes plus one. `newlines`: line feeds up to and
    with the last end. `irregular`: the next record must be read by the exact parser.
    """

    ends: Offsets
    lines: Offsets
    fields: Offsets
    newlines: int
    irregular: bool

    @property
    def starts(self) -> Offsets:
        """Offset of each record's first byte."""
        starts = np.empty_like(self.ends)
        starts[:1] = 0
        starts[1:] = self.ends[:-1] + 1
        return starts

    def first(self, count: int) -> RecordIndex:
        """Return the index of the first `count` records; the one after them is irregular."""
        newlines = int(self.lines[count]) if count < len(self.lines) else self.newlines
        return RecordIndex(
            self.ends[:count], self.lines[:count], self.fields[:count], newlines, irregular=True
        )


class _Pass:
    """What one pass over a buffer has gathered so far; positions are of the whole buffer."""

    def __init__(self) -> None:
        self.ends: list[Offsets] = []
        self.marks: list[Offsets] = []
        self.line_feeds: list[Offsets] = []
        self.records = 0
        self.marks_before = 0
        self.line_feeds_before = 0
        self.is_inside = False

    def add(self, ends: Offsets, marks: Offsets, line_feeds: Offsets) -> None:
        self.ends.append(ends)
        self.marks.append(marks + self.marks_before)
        self.line_feeds.append(line_feeds + self.line_feeds_before)
        self.records += len(ends)

    def index(self) -> RecordIndex:
        ends = _joined(self.ends)
        fields = _joined(self.marks)
        fields[1:] -= fields[:-1].copy()
        fields[:1] += 1
        after = _joined(self.line_feeds)
        lines = np.empty_like(after)
        lines[:1] = 0
        lines[1:] = after[:-1]
        newlines = int(after[-1]) if len(after) else 0
        return RecordIndex(ends, lines, fields, newlines, irregular=False)


def _joined(parts: list[Offsets]) -> Offsets:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def index_records(buffer: bytes, delimiter: int, quote: int | None) -> RecordIndex:
    """Return the index of the complete records of `buffer`, which starts at a record's start.

    At most about 250,000 records; the rest of the buffer is for the next call.
    """
    data: Bytes = np.frombuffer(buffer, np.uint8)
    has_quotes = quote is not None and quote in buffer
    found = _Pass()
    doubtful = _first_zero(buffer)
    checks_returns = CR in buffer
    for low in range(0, len(data), BLOCK_BYTES):
        block = data[low : low + BLOCK_BYTES]
        if quote is not None and has_quotes:
            odd = _add_quoted(found, data, low, delimiter, quote)
        else:
            odd = len(data)
            _add_plain(found, block, low, delimiter)
        if checks_returns:
            odd = min(odd, _first_lone_return(data, block, low))
        doubtful = min(doubtful, odd)
        if found.records >= MAX_RECORDS or low + BLOCK_BYTES > doubtful:
            break
    index = found.index()
    if doubtful == len(data):
        return index
    return index.first(int(np.searchsorted(index.ends, doubtful)))


def _first_zero(buffer: bytes) -> int:
    at = buffer.find(0)
    return at if at >= 0 else len(buffer)


def _first_lone_return(data: Bytes, block: Bytes, low: int) -> int:
    # A return at the very end of the buffer belongs to a record that is not complete yet.
    at = np.flatnonzero(block == CR) + low
    at = at[at + 1 < len(data)]
    lone = at[data[at + 1] != LF]
    return int(lone[0]) if len(lone) else len(data)


def _add_plain(found: _Pass, block: Bytes, low: int, delimiter: int) -> None:
    at = np.flatnonzero((block == LF) | (block == delimiter))
    marks = np.flatnonzero(block[at] == LF)
    found.add(at[marks] + low, marks, np.arange(1, len(marks) + 1))
    found.marks_before += len(at)
    found.line_feeds_before += len(marks)


def _add_quoted(found: _Pass, data: Bytes, low: int, delimiter: int, quote: int) -> int:
    """Add the records that end in the block at `low`; return where a quote first stands oddly."""
    block = data[low : low + BLOCK_BYTES]
    at = np.flatnonzero((block == LF) | (block == delimiter) | (block == quote))
    kinds = block[at]
    is_quote = kinds == quote
    inside = np.bitwise_xor.accumulate(is_quote) ^ found.is_inside
    is_line_feed = kinds == LF
    outside = np.flatnonzero(~(inside | is_quote))
    marks = np.flatnonzero(is_line_feed[outside])
    ended = outside[marks]
    line_feeds = np.cumsum(is_line_feed)
    found.add(at[ended] + low, marks, line_feeds[ended])
    found.marks_before += len(outside)
    if len(at):
        found.line_feeds_before += int(line_feeds[-1])
        found.is_inside = bool(inside[-1])
    return _first_odd_quote(data, at[is_quote] + low, inside[is_quote], delimiter, quote)


def _first_odd_quote(
    data: Bytes, at: Offsets, opens: NDArray[np.bool_], delimiter: int, quote: int
) -> int:
    """Return the first quote that neither begins nor ends a field nor is doubled inside one."""
    # A quote at the end of the buffer may go on there; its record is not complete anyway.
    after = np.minimum(at + 1, len(data) - 1)
    neighbour = data[np.where(opens, at - 1, after)]
    fits = (neighbour == delimiter) | (neighbour == LF) | (neighbour == quote)
    fits |= (neighbour == CR) & ~opens
    fits |= (at == 0) | (at == len(data) - 1)
    odd = at[~fits]
    return int(odd[0]) if len(odd) else len(data)
