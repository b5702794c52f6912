"""Bytes of a file as sent, gzip or zip taken off on the fly, without ever believing its size.

A gzip is recognised by its magic bytes. What comes out is bounded by ratio and size, so that a
bomb costs neither memory nor time; memory stays at the block asked for.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING, Final, Protocol

from shopnow.sources.readers import refusals
from shopnow.sources.readers.archive import (
    ZIP_MAGICS,
    ZipSource,
    is_workbook,
    one_file,
    open_archive,
)

if TYPE_CHECKING:
    from typing import BinaryIO

    from shopnow.sources.readers.model import Limits

GZIP_MAGIC: Final = b"\x1f\x8b"
MAGIC_BYTES: Final = 4
READ_BYTES: Final = 256 << 10
GZIP_WRAPPER: Final = 16 + zlib.MAX_WBITS


class ByteSource(Protocol):
    """Something that gives bytes in blocks; an empty block is the end."""

    def read(self, size: int) -> bytes:
        """Return 1 to `size` bytes, or none at the end."""
        ...

    def refuse_if_swollen(self) -> None:
        """Raise when what came out is out of proportion to what went in, whatever its size."""
        ...


class PlainSource:
    """A file that is not compressed; `head` was already taken from the stream."""

    def __init__(self, stream: BinaryIO, head: bytes) -> None:
        """Serve `head` first, then the stream."""
        self._stream = stream
        self._head = head

    def read(self, size: int) -> bytes:
        """Return 1 to `size` bytes, or none at the end."""
        if self._head:
            block, self._head = self._head[:size], self._head[size:]
            return block
        return self._stream.read(size)

    def refuse_if_swollen(self) -> None:
        """Do nothing: nothing was decompressed."""


class GzipSource:
    """A gzip of one or several members, decompressed at most one block at a time."""

    def __init__(self, stream: BinaryIO, head: bytes, limits: Limits) -> None:
        """Serve the decompressed bytes of `head` and then of the stream."""
        self._stream = stream
        self._limits = limits
        self._input = head
        self._taken = len(head)
        self._given = 0
        self._inflater = zlib.decompressobj(GZIP_WRAPPER)
        self._ended = False

    def read(self, size: int) -> bytes:
        """Return 1 to `size` bytes, or none at the end.

        Raises UnreadableFile: cut_in_the_middle, corrupt_file or decompression_bomb.
        """
        while not self._ended:
            if self._inflater.eof and not self._next_member():
                break
            block = self._inflate(size)
            if block:
                self._given += len(block)
                self._refuse_bomb()
                return block
        return b""

    def refuse_if_swollen(self) -> None:
        """Raise decompression_bomb when the ratio is over the limit, whatever the size."""
        if self._given > self._limits.max_ratio * self._consumed():
            raise self._bomb(f"rapport {self._limits.max_ratio}")

    def _more_input(self) -> bool:
        if not self._input:
            self._input = self._stream.read(READ_BYTES)
            self._taken += len(self._input)
        return bool(self._input)

    def _inflate(self, size: int) -> bytes:
        at_end = not self._more_input()
        try:
            block = self._inflater.decompress(self._input, size)
        except zlib.error as broken:
            raise refusals.corrupt_file("gzip", "sa somme de contrôle est fausse") from broken
        self._input = self._inflater.unused_data or self._inflater.unconsumed_tail
        if at_end and not block and not self._inflater.eof:
            raise refusals.cut_gzip()
        return block

    def _next_member(self) -> bool:
        # Some writers pad the file with zero bytes: gzip itself lets them pass, so do we.
        while self._more_input():
            self._input = self._input.lstrip(b"\0")
            if self._input:
                self._inflater = zlib.decompressobj(GZIP_WRAPPER)
                return True
        self._ended = True
        return False

    def _refuse_bomb(self) -> None:
        limits = self._limits
        if limits.max_output_bytes is not None and self._given > limits.max_output_bytes:
            raise self._bomb(f"{limits.max_output_bytes:_} octets")
        if self._given > limits.ratio_from_bytes:
            self.refuse_if_swollen()

    def _bomb(self, limit: str) -> Exception:
        return refusals.decompression_bomb(self._consumed(), self._given, limit)

    def _consumed(self) -> int:
        return self._taken - len(self._input)


def open_source(stream: BinaryIO, limits: Limits) -> ByteSource:
    """Return the bytes of the file, decompressed when it is a gzip or a zip of one file.

    Raises UnreadableFile: corrupt_file or unfit_archive.
    """
    head = b""
    while len(head) < MAGIC_BYTES and (block := stream.read(READ_BYTES)):
        head += block
    if head.startswith(GZIP_MAGIC):
        return GzipSource(stream, head, limits)
    if head.startswith(ZIP_MAGICS):
        archive = open_archive(stream, head)
        if not is_workbook(archive):
            return ZipSource(archive, one_file(archive), limits)
        # A workbook where text was declared: what it is will be said, not its first part read.
        return PlainSource(io.BytesIO(), head)
    return PlainSource(stream, head)
