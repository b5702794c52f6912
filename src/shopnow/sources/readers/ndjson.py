"""NDJSON files, one JSON object a line, as chunks of text rows with every line accounted for.

A line that is no object, no JSON or no UTF-8 is bad by itself and never costs its neighbours.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from shopnow.sources.readers import refusals
from shopnow.sources.readers.csv_exact import too_long_detail
from shopnow.sources.readers.decompress import open_source
from shopnow.sources.readers.encoding import Utf8Source, encoding_by_marks, read_head, refuse_binary
from shopnow.sources.readers.model import (
    MIB,
    BadLine,
    BufferLines,
    Limits,
    OneLine,
    RawChunk,
)
from shopnow.sources.readers.ndjson_batch import Batch, Layout
from shopnow.sources.readers.text_buffer import TextBuffer, chunk_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from shopnow.sources.readers.text_buffer import Blocks

MOST_CHUNK_BYTES: Final = 8 * MIB
BATCH_BYTES: Final = 256 << 10
# Bounds the memory for files of very short lines.
MAX_LINES: Final = 50_000


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
    layout = Layout(paths, each, item_paths)
    while True:
        text.fill()
        if not text.data:
            return
        if b"\n" in text.data:
            raw = _whole_lines(text)
            chunk = _chunk(raw, layout, limits)
            text.advance(int(raw.ends[-1]) + 1, chunk.lines)
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


def _whole_lines(text: TextBuffer) -> BufferLines:
    data = text.data
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))[:MAX_LINES]
    starts = np.zeros(len(ends), np.int64)
    starts[1:] = ends[:-1] + 1
    return BufferLines(data, np.arange(text.line, text.line + len(ends)), starts, ends)


def _chunk(raw: BufferLines, layout: Layout, limits: Limits) -> RawChunk:
    marks = np.arange(BATCH_BYTES, int(raw.ends[-1]), BATCH_BYTES)
    firsts = np.unique(np.concatenate(([0], raw.starts.searchsorted(marks))))
    batches = []
    for first, stop in zip(firsts, [*firsts[1:], len(raw.ends)], strict=True):
        if first == stop:
            continue
        data = raw.buffer[int(raw.starts[first]) : int(raw.ends[stop - 1]) + 1]
        with collector_paused():
            batch = Batch(data, count(int(raw.numbers[first])), layout, raw, limits.max_line_bytes)
        batches.append(batch)
    return RawChunk(
        frame=pl.concat([batch.frame for batch in batches]),
        items=_concat([batch.items for batch in batches]),
        bad=tuple(bad for batch in batches for bad in batch.bad),
        lines=len(raw.ends),
        blank=sum(batch.blank for batch in batches),
        raw=raw,
    )


def _concat(frames: Sequence[pl.DataFrame | None]) -> pl.DataFrame | None:
    present = [frame for frame in frames if frame is not None]
    return pl.concat(present) if present else None


@contextmanager
def collector_paused() -> Iterator[None]:
    """Spare the search for cycles while a batch is parsed: JSON has none, and it costs a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _overlong_chunk(text: TextBuffer, layout: Layout, limits: Limits) -> RawChunk:
    number = text.line
    raw = OneLine(number, text.skip_line())
    bad = BadLine(number, "line_too_long", too_long_detail(limits.max_line_bytes), raw.head)
    empty = Batch(b"", (number,), layout, raw, limits.max_line_bytes)
    return RawChunk(empty.frame, empty.items, (bad,), 1, 0, raw)
