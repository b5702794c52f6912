"""What a reader hands over: chunks of text rows, the lines it could not read, refusals of files.

The rule protected here is conservation (every line of a file is a record, a blank or a bad
line): each chunk carries its own sums. No I/O in this file.
"""

from __future__ import annotations

import codecs
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from shopnow.kernel import ShopnowError, TerminalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

MIB: Final = 1 << 20
LINE: Final = "_line"
ITEM: Final = "_item"
ITEM_BAD: Final = "_bad"
ITEMS_STATE: Final = "_items_state"
RAW_HEAD_BYTES: Final = 64 << 10


class UnreadableFile(TerminalError):  # noqa: N818 - named after the fact, as in the journal
    """A file that as a whole cannot be read; nothing of it may be kept.

    `code` is one of: empty_file, binary_file, bad_header, wrong_delimiter, missing_column,
    duplicate_column, cut_in_the_middle, corrupt_file, decompression_bomb, wrong_encoding.
    `message` and `hint` are in French, for the sender.
    """

    def __init__(self, code: str, message_fr: str, hint_fr: str = "") -> None:
        """Keep the code beside the fact and the advice."""
        super().__init__(message_fr, hint_fr)
        self.code = code


@dataclass(frozen=True, slots=True)
class BadLine:
    """One logical line that is not a record: where it starts, why (French), its bytes."""

    line_no: int
    code: str
    detail_fr: str
    raw: bytes


class RawLines(ABC):
    """The bytes of the logical lines of one chunk, to seal what was rejected."""

    __slots__ = ()

    @abstractmethod
    def get(self, line_no: int) -> bytes:
        """Return the logical line that starts at `line_no`; KeyError when not of this chunk."""

    def get_all(self, lines: Sequence[int]) -> dict[int, bytes]:
        """Return several lines by the number at which they start; KeyError as `get`."""
        return {line_no: self.get(line_no) for line_no in lines}


@dataclass(frozen=True, slots=True)
class BufferLines(RawLines):
    """Raw lines as slices of the chunk's buffer, without their line ends.

    `numbers` ascends; `starts` and `ends` are byte offsets into `buffer`.
    """

    buffer: bytes
    numbers: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    def get(self, line_no: int) -> bytes:
        """Return the logical line that starts at `line_no`; KeyError when not of this chunk."""
        return self.get_all([line_no])[line_no]

    def get_all(self, lines: Sequence[int]) -> dict[int, bytes]:
        """Return several lines by the number at which they start; KeyError as `get`."""
        wanted = np.asarray(lines, np.int64)
        at = self.numbers.searchsorted(wanted)
        here = at < len(self.numbers)
        here[here] = self.numbers[at[here]] == wanted[here]
        if not here.all():
            raise KeyError(int(wanted[~here][0]))
        buffer = self.buffer
        return {
            line_no: buffer[start:end].rstrip(b"\r")
            for line_no, start, end in zip(
                lines, self.starts[at].tolist(), self.ends[at].tolist(), strict=True
            )
        }


@dataclass(frozen=True, slots=True)
class OneLine(RawLines):
    """The head of one line that was too long to be kept."""

    line_no: int
    head: bytes

    def get(self, line_no: int) -> bytes:
        """Return the kept head of the line; KeyError for any other line."""
        if line_no != self.line_no:
            raise KeyError(line_no)
        return self.head


@dataclass(frozen=True, slots=True)
class RawChunk:
    """A run of consecutive lines: `lines == frame.height + len(bad) + blank`, always.

    `frame`: one row a record, `_line` Int64 (first physical line, from 1, header counted), then
    String columns; null = absent, "" = present without value.
    `items`: NDJSON arrays exploded, one row an element, else None.
    `blank`: empty lines, the header and the lines before it.
    `columns`: every column of the file, wanted or not; in the first chunk, where it has a header.
    """

    frame: pl.DataFrame
    items: pl.DataFrame | None
    bad: tuple[BadLine, ...]
    lines: int
    blank: int
    raw: RawLines
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CsvDialect:
    """How a sender writes CSV.

    `quote` None: quotes mean nothing. `encoding` None: BOM, then UTF-8, then Windows-1252.
    `decimal` is only carried to the mapping. `header_line`: physical line of the column names.
    """

    delimiter: str = ","
    quote: str | None = '"'
    encoding: str | None = None
    decimal: str = "."
    header_line: int = 1

    def __post_init__(self) -> None:
        """Refuse what the readers could not honour."""
        for name, mark in (("delimiter", self.delimiter), ("quote", self.quote)):
            if mark is not None and (len(mark) != 1 or not mark.isascii() or mark in "\r\n\0"):
                message = f"dialect: {name} must be one ASCII character, found {mark!r}"
                raise ShopnowError(message, "correct `dialect` in the source file")
        if self.delimiter == self.quote or self.header_line < 1:
            message = "dialect: delimiter and quote must differ, header_line must be at least 1"
            raise ShopnowError(message, "correct `dialect` in the source file")
        if self.encoding is not None:
            canonical_encoding(self.encoding)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on memory and on what a compressed file may become; all in bytes but the ratio.

    `max_quoted_bytes`: a quote still open after so much is a stray one.
    `max_ratio`: output over input of a gzip, judged once `ratio_from_bytes` came out.
    `max_output_bytes`: absolute bound on the uncompressed size of a gzip, None = none.
    """

    chunk_bytes: int = 16 * MIB
    max_line_bytes: int = 4 * MIB
    max_quoted_bytes: int = MIB
    max_ratio: int = 200
    ratio_from_bytes: int = 1024 * MIB
    max_output_bytes: int | None = None


def canonical_encoding(name: str) -> str:
    """Return Python's own name of a text encoding.

    >>> canonical_encoding("Windows-1252"), canonical_encoding("UTF8")
    ('cp1252', 'utf-8')
    """
    try:
        info = codecs.lookup(name)
        "text".encode(info.name)
    except LookupError as unknown:
        message = f"dialect: unknown encoding {name!r}"
        raise ShopnowError(message, "use for instance utf-8, cp1252 or utf-16") from unknown
    return "utf-8" if info.name == "utf-8-sig" else info.name
