"""CSV files as chunks of text rows, every line accounted for, at the speed of the disk.

A numpy index finds the records, polars reads the good ones, and the exact parser takes what is
irregular; which of the two reads a record never changes what is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from shopnow.sources.readers import refusals
from shopnow.sources.readers.csv_exact import (
    ExactParser,
    Grammar,
    NeedMore,
    ragged_detail,
    too_long_detail,
)
from shopnow.sources.readers.csv_frame import FrameBuilder
from shopnow.sources.readers.csv_header import find_header, place_columns
from shopnow.sources.readers.csv_index import RecordIndex, index_records
from shopnow.sources.readers.decompress import open_source
from shopnow.sources.readers.encoding import Utf8Source
from shopnow.sources.readers.model import BadLine, BufferLines, Limits, OneLine, RawChunk
from shopnow.sources.readers.text_buffer import TextBuffer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import BinaryIO

    from numpy.typing import NDArray

    from shopnow.sources.readers.csv_header import Header
    from shopnow.sources.readers.model import CsvDialect

    Flags = NDArray[np.bool_]

# Fewer regular bytes than this before an irregular record are not worth a parse of their own.
WORTH_PARSING_BYTES: Final = 256 << 10
# Lines of one run of the exact parser: few where one line is odd, many where most are.
FIRST_EXACT_LINES: Final = 64
MOST_EXACT_LINES: Final = 20_000


def read_csv(
    stream: BinaryIO,
    dialect: CsvDialect,
    wanted: Sequence[str],
    required: Collection[str] = (),
    limits: Limits | None = None,
) -> Iterator[RawChunk]:
    """Give the records of a CSV file, gzip or not, chunk by chunk, in file order.

    The first chunk holds the header and the lines before it, as blanks, and no row. Columns are
    named as in the header, trimmed; a wanted one that the file has not is all null.
    Raises UnreadableFile, also after good chunks: then nothing of the file may be kept.
    """
    limits = limits or Limits()
    source = Utf8Source(open_source(stream, limits), dialect.encoding)
    text = TextBuffer(source, limits.chunk_bytes, source.is_declared)
    grammar = Grammar(dialect.delimiter.encode(), _encoded(dialect.quote), limits)
    header = _read_header(text, dialect, grammar)
    columns = place_columns(header, dialect, wanted, required)
    frames = FrameBuilder(columns, wanted, dialect.delimiter, dialect.quote)
    raw = OneLine(header.line, header.raw.rstrip(b"\r"))
    head = frames.built((), ())
    yield RawChunk(head, None, (), header.lines, header.lines, raw, tuple(header.names))
    body = _Body(text, Grammar(grammar.delimiter, grammar.quote, limits, columns.width), frames)
    while (chunk := body.next_chunk()) is not None:
        yield chunk


def _encoded(mark: str | None) -> bytes | None:
    return mark.encode() if mark is not None else None


def _read_header(text: TextBuffer, dialect: CsvDialect, grammar: Grammar) -> Header:
    longest = grammar.limits.max_line_bytes + grammar.limits.max_quoted_bytes
    while True:
        text.fill()
        try:
            header = find_header(text.data, dialect, grammar, is_last=text.is_last)
        except NeedMore:
            if len(text.data) > longest:
                found = f"mais elle n'est pas finie après {longest} octets"
                raise refusals.bad_header(dialect.header_line, found) from None
            text.needs_more = True
            continue
        text.advance(header.consumed, header.newlines)
        return header


class _Body:
    """What follows the header, as chunks."""

    def __init__(self, text: TextBuffer, grammar: Grammar, frames: FrameBuilder) -> None:
        self._text = text
        self._grammar = grammar
        self._frames = frames
        self._exact_lines = FIRST_EXACT_LINES

    def next_chunk(self) -> RawChunk | None:
        """Return the next lines of the file, None at its end."""
        while True:
            self._text.fill()
            if not self._text.data:
                return None
            chunk = self._next_from_buffer()
            if chunk is not None:
                return chunk
            self._text.needs_more = True

    def _next_from_buffer(self) -> RawChunk | None:
        grammar, data = self._grammar, self._text.data
        quote = grammar.quote[0] if grammar.quote else None
        index = index_records(data, grammar.delimiter[0], quote)
        index = self._trusted(index)
        regular_bytes = int(index.ends[-1]) + 1 if len(index.ends) else 0
        if regular_bytes and (not index.irregular or regular_bytes >= WORTH_PARSING_BYTES):
            chunk = self._indexed_chunk(index, regular_bytes)
            if chunk is not None:
                self._exact_lines = FIRST_EXACT_LINES
                return chunk
        limits = grammar.limits
        is_long = len(data) > min(limits.max_line_bytes, limits.max_quoted_bytes)
        if regular_bytes or index.irregular or is_long or self._text.is_last:
            return self._exact_chunk()
        return None

    def _trusted(self, index: RecordIndex) -> RecordIndex:
        """Return the index up to the first record that only the exact parser may judge."""
        limits = self._grammar.limits
        lengths = index.ends - index.starts
        doubtful: Flags = lengths > limits.max_line_bytes
        if index.newlines > len(index.ends):
            over_lines = np.diff(index.lines, append=index.newlines) > 1
            ragged = index.fields != self._grammar.width
            doubtful |= over_lines & (ragged | (lengths > limits.max_quoted_bytes))
        return index.first(int(doubtful.argmax())) if doubtful.any() else index

    def _indexed_chunk(self, index: RecordIndex, size: int) -> RawChunk | None:
        text, width = self._text, self._grammar.width
        starts, ends, numbers = index.starts, index.ends, index.lines + text.line
        raw = BufferLines(text.data, numbers, starts, ends)
        blank = _blank_lines(text.data, starts, ends)
        ragged = ~blank & (index.fields != width)
        self._refuse_cut(ragged, index, size)
        good = ~(blank | ragged)
        frame = self._frames.parsed(_runs(text.data, good, starts, ends), numbers[good])
        if frame is None:
            return None
        lines = raw.get_all(numbers[ragged].tolist())
        bad = tuple(
            BadLine(number, "ragged_line", ragged_detail(width, fields), line)
            for (number, line), fields in zip(
                lines.items(), index.fields[ragged].tolist(), strict=True
            )
        )
        text.advance(size, index.newlines)
        return RawChunk(frame, None, bad, len(ends), int(blank.sum()), raw)

    def _refuse_cut(self, ragged: Flags, index: RecordIndex, size: int) -> None:
        text = self._text
        if not (text.is_unterminated and size == len(text.data) and ragged[-1]):
            return
        found, width = int(index.fields[-1]), self._grammar.width
        if found < width:
            raise refusals.cut_in_line(text.line + int(index.lines[-1]), found, width)

    def _exact_chunk(self) -> RawChunk | None:
        text = self._text
        run = ExactParser(
            text.data,
            self._grammar,
            text.line,
            is_last=text.is_last,
            is_unterminated=text.is_unterminated,
        ).run(self._exact_lines)
        self._exact_lines = min(4 * self._exact_lines, MOST_EXACT_LINES)
        if run.overlong and not run.consumed:
            return self._overlong_chunk()
        if not run.consumed:
            return None
        raw = BufferLines(text.data, *(np.array(a, np.int64) for a in run.logical_lines()))
        frame = self._frames.built(run.rows, run.row_numbers)
        text.advance(run.consumed, run.newlines)
        return RawChunk(frame, None, tuple(run.bad), len(run.numbers), run.blank, raw)

    def _overlong_chunk(self) -> RawChunk:
        number = self._text.line
        raw = OneLine(number, self._text.skip_line())
        detail = too_long_detail(self._grammar.limits.max_line_bytes)
        bad = BadLine(number, "line_too_long", detail, raw.head)
        return RawChunk(self._frames.built((), ()), None, (bad,), 1, 0, raw)


def _blank_lines(data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Flags:
    lengths = ends - starts
    blank: Flags = lengths == 0
    for at in np.flatnonzero(lengths == 1).tolist() if b"\r" in data else ():
        blank[at] = data[starts[at]] == b"\r"[0]
    return blank


def _runs(
    data: bytes, good: Flags, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> list[memoryview]:
    """Return the stretches of `data` that hold consecutive good records."""
    turns = np.diff(good.astype(np.int8), prepend=0, append=0)
    firsts = starts[np.flatnonzero(turns == 1)].tolist()
    lasts = ends[np.flatnonzero(turns == -1) - 1].tolist()
    view = memoryview(data)
    return [view[first : last + 1] for first, last in zip(firsts, lasts, strict=True)]
