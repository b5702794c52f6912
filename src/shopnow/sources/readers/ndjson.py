"""NDJSON files, one JSON object a line, as chunks of text rows with every line accounted for.

A line that is no object, no JSON or no UTF-8 is bad by itself and never costs its neighbours.
"""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from shopnow.sources.readers import refusals
from shopnow.sources.readers.csv_exact import too_long_detail
from shopnow.sources.readers.decompress import open_source
from shopnow.sources.readers.encoding import Utf8Source, encoding_by_marks, read_head, refuse_binary
from shopnow.sources.readers.json_values import (
    EMPTY,
    SCAN,
    SCAN_NUMBERS,
    ObjectColumns,
    Path,
    kind_of,
    parse_path,
    text_problem,
    walk,
)
from shopnow.sources.readers.model import (
    ITEM,
    ITEM_BAD,
    ITEMS_STATE,
    LINE,
    MIB,
    RAW_HEAD_BYTES,
    BadLine,
    BufferLines,
    Limits,
    OneLine,
    RawChunk,
)
from shopnow.sources.readers.text_buffer import TextBuffer, chunk_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from numpy.typing import NDArray

    from shopnow.sources.readers.text_buffer import Blocks

# Parsed objects take about eight times their text, and fast memory is small.
MOST_CHUNK_BYTES: Final = 4 * MIB
# Bounds the memory for files of very short lines.
MAX_LINES: Final = 50_000
ROOT_PREFIX: Final = "$."
JSON_SPACES: Final = " \t\r"
# Escapes that may stand for what no text column can hold; the parsed value decides.
DOUBTFUL_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def read_ndjson(
    stream: BinaryIO,
    paths: Sequence[str],
    each: str | None = None,
    item_paths: Sequence[str] = (),
    limits: Limits | None = None,
) -> Iterator[RawChunk]:
    """Give the objects of an NDJSON file, gzip or not, chunk by chunk, in file order.

    `frame`: `_line`, a text column per path and, with `each`, `_items_state`: 'ok', 'empty',
    'missing' (no key, or null) or 'not_a_list'. `items` (with `each`): `_line`, `_item` (place in
    the array, from 1, every element counted), `_bad` (null, or the JSON kind of an element that is
    no object; its columns are null), a text column per item path; '$.x' is taken from the root.
    Text: null = absent on the way, "" = JSON null; objects and arrays as compact JSON.
    Raises UnreadableFile, also after good chunks: then nothing of the file may be kept.
    """
    limits = limits or Limits()
    text = TextBuffer(_Lines(stream, limits), chunk_size(limits, MOST_CHUNK_BYTES))
    layout = _Layout(paths, each, item_paths)
    while True:
        text.fill()
        if not text.data:
            return
        reader = _ChunkReader(text.data, text.line, layout, limits)
        if reader.size:
            with _collector_paused():
                chunk = reader.chunk()
            text.advance(reader.size, chunk.lines)
            yield chunk
        elif len(text.data) > limits.max_line_bytes:
            yield _overlong_chunk(text, layout, limits)
        else:
            text.needs_more = True


class _Lines:
    """The bytes of the file: as they are, because one undecodable line must not stop the rest."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        source = open_source(stream, limits)
        self._source: Blocks = source
        head = read_head(source)
        if not head.strip():
            raise refusals.empty_file()
        encoding, skip = encoding_by_marks(head)
        if encoding not in (None, "utf-8"):
            self._source = Utf8Source(source, encoding, head)
            head = b""
        else:
            refuse_binary(head, source)
        self._head = head[skip:] if head else b""

    def read(self, size: int) -> bytes:
        """Return some bytes, or none at the end."""
        if self._head:
            block, self._head = self._head[:size], self._head[size:]
            return block
        return self._source.read(size)


class _Layout:
    """The columns asked for, parsed once."""

    def __init__(self, paths: Sequence[str], each: str | None, item_paths: Sequence[str]) -> None:
        self.roots = {path: parse_path(path) for path in paths}
        self.each = parse_path(each) if each is not None else None
        self.element_paths = {
            path: parse_path(path.removeprefix(ROOT_PREFIX)) for path in item_paths
        }


class _ChunkReader:
    """The whole lines of `data`, `size` bytes of it; the first is physical line `first`."""

    def __init__(self, data: bytes, first: int, layout: _Layout, limits: Limits) -> None:
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
        self._ends = ends[:MAX_LINES]
        self.size = int(self._ends[-1]) + 1 if len(ends) else 0
        self._data = data[: self.size]
        self._first = first
        self._layout = layout
        self._limits = limits
        self._starts = np.zeros(len(self._ends), np.int64)
        self._starts[1:] = self._ends[:-1] + 1
        self._blank = 0
        self._bad: list[BadLine] = []
        self._objects: list[dict[str, object]] = []
        self._numbers: list[int] = []
        self._texts: list[str] = []
        self._parsed_anew: tuple[int, object] = (-1, None)

    @cached_property
    def _raw(self) -> BufferLines:
        numbers = np.arange(self._first, self._first + len(self._ends))
        return BufferLines(self._data, numbers, self._starts, self._ends)

    def chunk(self) -> RawChunk:
        """Return the chunk of these lines."""
        self._parse()
        roots = ObjectColumns(self._objects, self._exact)
        numbers = np.array(self._numbers, np.int64)
        series = [pl.Series(LINE, numbers, dtype=pl.Int64)]
        series += [roots.text(path).alias(name) for name, path in self._layout.roots.items()]
        items = None
        if self._layout.each is not None:
            states, items = self._items(roots, self._layout.each, numbers)
            series.append(pl.Series(ITEMS_STATE, states, dtype=pl.String))
        frame = pl.DataFrame(series)
        lines = len(self._ends)
        return RawChunk(frame, items, tuple(self._bad), lines, self._blank, self._raw)

    def _parse(self) -> None:
        """Sort the lines into objects, blank and bad ones."""
        longest = self._limits.max_line_bytes
        has_long = bool(len(self._ends)) and int((self._ends - self._starts).max()) > longest
        has_escapes = any(mark in self._data for mark in (b"\\ud", b"\\uD", b"\\u0000"))
        for number, line in enumerate(self._lines(), self._first):
            if line is None:
                self._add_bad(number, "undecodable", "octets qui ne sont pas de l'UTF-8")
            elif not (text := line.strip(JSON_SPACES)):
                self._blank += 1
            elif has_long and len(self._raw.get(number)) > longest:
                self._add_bad(number, "line_too_long", too_long_detail(longest))
            else:
                self._parse_line(number, text, has_escapes=has_escapes)

    def _lines(self) -> list[str] | list[str | None]:
        try:
            return self._data.decode().split("\n")[:-1]
        except UnicodeDecodeError:
            return [_decoded(line) for line in self._data.split(b"\n")[:-1]]

    def _parse_line(self, number: int, text: str, *, has_escapes: bool) -> None:
        try:
            value, end = SCAN(text, 0)
        except StopIteration as broken:
            self._add_bad(number, "invalid_json", _column_detail(int(broken.value)))
            return
        except (ValueError, RecursionError) as broken:
            self._add_bad(number, "invalid_json", _json_detail(broken))
            return
        if end != len(text):
            self._add_bad(number, "invalid_json", _column_detail(end))
        elif not isinstance(value, dict):
            self._add_bad(number, "not_an_object", "un objet JSON était attendu, entre { et }")
        elif has_escapes and DOUBTFUL_ESCAPE.search(text) and (problem := text_problem(value)):
            code = "nul_byte" if "0000" in problem else "invalid_json"
            self._add_bad(number, code, problem)
        else:
            self._objects.append(value)
            self._numbers.append(number)
            self._texts.append(text)

    def _add_bad(self, number: int, code: str, detail_fr: str) -> None:
        raw = self._raw.get(number)
        if code == "line_too_long":
            raw = raw[:RAW_HEAD_BYTES]
        self._bad.append(BadLine(number, code, detail_fr, raw))

    def _exact(self, row: int) -> object:
        if self._parsed_anew[0] != row:
            self._parsed_anew = (row, SCAN_NUMBERS(self._texts[row], 0)[0])
        return self._parsed_anew[1]

    def _items(
        self, roots: ObjectColumns, each: Path, numbers: NDArray[np.int64]
    ) -> tuple[list[str], pl.DataFrame]:
        """Return the state of each record's array, and a row for each element."""
        states: list[str] = []
        elements: list[object] = []
        counts = np.zeros(len(numbers), np.int64)
        for row, value in enumerate(roots.values(each)):
            if isinstance(value, list):
                states.append("ok" if value else "empty")
                elements += value
                counts[row] = len(value)
            else:
                states.append("missing" if value is None else "not_a_list")
        parents = np.repeat(np.arange(len(numbers)), counts)
        firsts = np.cumsum(counts) - counts
        places = np.arange(len(elements)) - firsts[parents]

        def exact(item: int) -> object:
            array = walk(self._exact(int(parents[item])), each)
            return array[int(places[item])] if isinstance(array, list) else None

        items = self._item_frame(roots, parents, elements, exact)
        return states, items.with_columns(
            pl.Series(LINE, numbers[parents], dtype=pl.Int64),
            pl.Series(ITEM, places + 1, dtype=pl.Int64),
        )

    def _item_frame(
        self,
        roots: ObjectColumns,
        parents: NDArray[np.int64],
        elements: list[object],
        exact: Callable[[int], object],
    ) -> pl.DataFrame:
        objects = [element if isinstance(element, dict) else EMPTY for element in elements]
        kinds = [
            None if isinstance(element, dict) else kind_of(exact(item))
            for item, element in enumerate(elements)
        ]
        series = [
            pl.Series(LINE, parents, dtype=pl.Int64),
            pl.Series(ITEM, parents, dtype=pl.Int64),
            pl.Series(ITEM_BAD, kinds, dtype=pl.String),
        ]
        columns = ObjectColumns(objects, exact)
        gather = pl.Series(parents, dtype=pl.UInt32)
        for name, path in self._layout.element_paths.items():
            if name.startswith(ROOT_PREFIX):
                texts = roots.text(path).gather(gather)
            else:
                texts = columns.text(path)
            series.append(texts.alias(name))
        return pl.DataFrame(series)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Spare the search for cycles while a chunk is parsed: JSON has none, and it costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _overlong_chunk(text: TextBuffer, layout: _Layout, limits: Limits) -> RawChunk:
    number = text.line
    raw = OneLine(number, text.skip_line())
    bad = BadLine(number, "line_too_long", too_long_detail(limits.max_line_bytes), raw.head)
    empty = _ChunkReader(b"", number, layout, limits).chunk()
    return RawChunk(empty.frame, empty.items, (bad,), 1, 0, raw)


def _decoded(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def _column_detail(at: int) -> str:
    return f"JSON invalide au caractère {at + 1}"


def _json_detail(broken: Exception) -> str:
    at = getattr(broken, "pos", None)
    if at is not None:
        return _column_detail(int(at))
    if isinstance(broken, RecursionError):
        return "JSON invalide : trop d'objets imbriqués"
    return "JSON invalide : NaN et Infinity ne sont pas des nombres JSON"
