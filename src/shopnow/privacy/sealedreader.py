"""Reading a sealed file back as if it were the readable one: streaming, and seekable.

Protects the rule that nothing readable is written to the disk in order to read a delivery.  The
last frame is checked when the file is opened, so a cut file is refused before its first row.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shopnow.privacy.errors import SealBrokenError
from shopnow.privacy.sealing import (
    FRAME_BYTES,
    HEADER_BYTES,
    MAGIC,
    TAG_BYTES,
    frame_key,
    frame_label,
    frame_nonce,
)

if TYPE_CHECKING:
    from pathlib import Path

    from _typeshed import WriteableBuffer

_SEALED_FRAME = FRAME_BYTES + TAG_BYTES


def open_sealed(path: Path, key: bytes) -> io.BufferedReader:
    """Return the readable content of a sealed file, to read(n) and to seek in.

    Raises SealBrokenError, here or at a later read, when the file is not sealed, was cut,
    reordered or altered, or when `key` is not its delivery's; OSError when it is absent.
    """
    file = path.open("rb", buffering=0)
    try:
        return io.BufferedReader(_SealedReader(file, key), FRAME_BYTES)
    except BaseException:
        file.close()
        raise


class _SealedReader(io.RawIOBase):
    """Frames of a sealed file, opened one at a time."""

    def __init__(self, file: BinaryIO | io.FileIO, key: bytes) -> None:
        self._file = file
        self._header = file.read(HEADER_BYTES) or b""
        body = os.fstat(file.fileno()).st_size - HEADER_BYTES
        if body < TAG_BYTES or not self._header.startswith(MAGIC):
            raise _broken("it has no header of a sealed file")
        self._frames = -(-body // _SEALED_FRAME)
        self._size = body - TAG_BYTES * self._frames
        self._cipher = AESGCM(frame_key(key, self._header))
        self._position = 0
        self._number = -1
        self._frame = b""
        self._turn_to(self._frames - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            message = "a position before the start of the file"
            raise ValueError(message)
        self._position = start + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer).cast("B")
        if self._position >= self._size:
            return 0
        number, start = divmod(self._position, FRAME_BYTES)
        self._turn_to(number)
        part = memoryview(self._frame)[start : start + len(target)]
        target[: len(part)] = part
        self._position += len(part)
        return len(part)

    def readall(self) -> bytes:
        """Return the rest, frame by frame: the inherited way asks for 8 KiB at a time."""
        parts: list[bytes] = []
        while self._position < self._size:
            number, start = divmod(self._position, FRAME_BYTES)
            self._turn_to(number)
            parts.append(self._frame[start:])
            self._position += len(parts[-1])
        return b"".join(parts)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _turn_to(self, number: int) -> None:
        if number == self._number:
            return
        self._file.seek(HEADER_BYTES + number * _SEALED_FRAME)
        sealed = _read_full(self._file, _SEALED_FRAME)
        label = frame_label(self._header, number, is_last=number == self._frames - 1)
        try:
            self._frame = self._cipher.decrypt(frame_nonce(number), sealed, label)
        except (InvalidTag, ValueError):
            raise _broken(f"frame {number + 1} of {self._frames} does not match its seal") from None
        self._number = number


def _read_full(file: BinaryIO | io.FileIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _broken(what: str) -> SealBrokenError:
    hint = "Put the landing file back from its backup, or ask the sender for the file again."
    return SealBrokenError(f"a sealed file was cut, altered or has another key: {what}", hint)
