"""Sealed files without some of their lines: the lines go, their numbers stay.

Protects two rules at once: a line of an erased person is gone from the file, and every other line
keeps the number under which rejects, reports and traces name it.  Files made of lines (delimited
text, one JSON object a line, either of them under gzip) can be taken apart that way; others cannot.
"""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING, BinaryIO, Final, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from _typeshed import WriteableBuffer

_GZIP: Final = b"\x1f\x8b"
# Workbooks and archives, Parquet, and texts of two or four bytes a character.
_NOT_LINES: Final = (b"PK", b"PAR1", b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
# Documents: one value, whatever their line breaks say.
_DOCUMENTS: Final = (b"<", b"[")
_MOST_OPEN_LINES: Final = 200
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_QUOTE: Final = b'"'


def without_lines(sealed: BinaryIO, lines: Collection[int]) -> Emptied | None:
    """Return the content with these lines emptied, as a stream; None for what has no lines.

    `lines`: numbers (from 1) of the first physical line of each record to take out.  What was
    compressed comes out plain: a reader knows either by its first bytes.
    """
    content = _unpacked(sealed)
    head = content.read(4)
    content.seek(0)
    text = head.removeprefix(_UTF8_MARK).lstrip()
    if head.startswith(_NOT_LINES) or text.startswith(_DOCUMENTS) or _is_document(content):
        return None
    return Emptied(content, lines)


def _unpacked(sealed: BinaryIO) -> BinaryIO:
    packed = sealed.read(2) == _GZIP
    sealed.seek(0)
    return cast("BinaryIO", gzip.GzipFile(fileobj=sealed, mode="rb")) if packed else sealed


def _is_document(content: BinaryIO) -> bool:
    """Say whether one JSON value goes over several lines."""
    first = content.readline(1 << 20).removeprefix(_UTF8_MARK).strip()
    content.seek(0)
    return first.startswith(b"{") and first.count(b"{") > first.count(b"}")


def _rest_of_record(source: Iterator[tuple[int, bytes]]) -> Iterator[bytes]:
    held: list[bytes] = []
    for _, line in source:
        held.append(line)
        if line.count(_QUOTE) % 2:
            yield from map(_end_of, held)
            return
        if len(held) >= _MOST_OPEN_LINES:
            break
    # The quote was never closed: the readers took its line alone, the others are others' lines.
    yield from held


def _end_of(line: bytes) -> bytes:
    """Return what is left of a line that is taken out: its line break."""
    if line.endswith(b"\r\n"):
        return b"\r\n"
    return b"\n" if line.endswith(b"\n") else b""


class Emptied(io.RawIOBase):
    """The content without the lines, to be read once to its end."""

    def __init__(self, content: BinaryIO, lines: Collection[int]) -> None:
        """Take the content; `missing` afterwards holds the lines that it does not have."""
        self.missing = set(lines)
        self._lines = self._emptied(content)
        self._rest = b""

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer as far as one line reaches."""
        target = memoryview(buffer).cast("B")
        while not self._rest:
            line = next(self._lines, None)
            if line is None:
                return 0
            self._rest = line
        part, self._rest = self._rest[: len(target)], self._rest[len(target) :]
        target[: len(part)] = part
        return len(part)

    def _emptied(self, content: BinaryIO) -> Iterator[bytes]:
        source = enumerate(content, 1)
        for number, line in source:
            if number not in self.missing:
                yield line
                continue
            self.missing.discard(number)
            yield _end_of(line)
            if line.lstrip().startswith(b"{") or line.count(_QUOTE) % 2 == 0:
                continue
            # A quoted field goes on over line breaks until its quote is closed.
            yield from _rest_of_record(source)
