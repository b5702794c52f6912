"""The stretch of a file that is being read: bounded, starting at a line's start, ending by line.

Holds the physical line number of its first byte, which is what every reader counts from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from shopnow.sources.readers import refusals
from shopnow.sources.readers.encoding import Undecodable
from shopnow.sources.readers.model import MIB, RAW_HEAD_BYTES

if TYPE_CHECKING:
    from shopnow.sources.readers.model import Limits

LF: Final = b"\n"
FIRST_BYTES: Final = 2 * MIB


class Blocks(Protocol):
    """Something that gives bytes in blocks; an empty block is the end."""

    def read(self, size: int) -> bytes:
        """Return some bytes, or none at the end."""
        ...


class TextBuffer:
    """`data` starts at physical line `line`; at the file's end it ends with a line feed.

    `is_last`: the source has no more. `is_unterminated`: the file itself ends without a line
    feed, the one in `data` was added. `needs_more`: nothing complete was found in `data`.
    """

    def __init__(self, source: Blocks, chunk_bytes: int, encoding_declared: bool = False) -> None:
        """Start empty, before the first line."""
        self._source = source
        self._most_bytes = chunk_bytes
        self._chunk_bytes = min(chunk_bytes, FIRST_BYTES)
        self._encoding_declared = encoding_declared
        self.data = b""
        self.line = 1
        self.is_last = False
        self.is_unterminated = False
        self.needs_more = False

    def fill(self) -> None:
        """Top up to one chunk when half is read, or by one chunk when a record did not fit.

        The first chunks are smaller: what takes them in begins early, while the next is read.
        Raises UnreadableFile: wrong_encoding.
        """
        size = len(self.data)
        if size * 2 > self._chunk_bytes and not self.needs_more:
            return
        goal = size + self._chunk_bytes if self.needs_more else self._chunk_bytes
        pieces = [self.data]
        while size < goal and not self.is_last:
            try:
                block = self._source.read(goal - size)
            except Undecodable as wrong:
                before = sum(piece.count(LF) for piece in (*pieces, wrong.prefix))
                raise refusals.wrong_encoding(
                    wrong.encoding, self.line + before, wrong.byte, self._encoding_declared
                ) from None
            self.is_last = not block
            pieces.append(block)
            size += len(block)
        self.needs_more = False
        self._chunk_bytes = min(2 * self._chunk_bytes, self._most_bytes)
        self.data = b"".join(pieces)
        if self.is_last and self.data and not self.data.endswith(LF):
            self.data += LF
            self.is_unterminated = True

    def advance(self, consumed: int, newlines: int) -> None:
        """Drop what was read: `consumed` bytes with `newlines` line feeds."""
        self.data = self.data[consumed:]
        self.line += newlines

    def skip_line(self) -> bytes:
        """Drop the physical line at the start, however long; return its first 64 KiB."""
        head = self.data[:RAW_HEAD_BYTES]
        end = self.data.find(LF)
        while end < 0 and not self.is_last:
            self.data = b""
            self.fill()
            end = self.data.find(LF)
        self.advance(end + 1, 1)
        return head.rstrip(b"\r\n")


def chunk_size(limits: Limits, most: int) -> int:
    """Return the chunk size to use where more than `most` bytes would cost too much memory."""
    return min(limits.chunk_bytes, most)
