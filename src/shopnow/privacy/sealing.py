"""Sealed bytes: files and single lines that only their delivery's key opens.

A sealed file is a header (magic, version, salt) and frames of 1 MiB of plaintext, each under
AES-256-GCM.  The nonce is the frame's number, and the header, the number and "this is the last"
are bound to it: a file cut, reordered, spliced or altered is refused.  The key of the frames is
derived from the delivery's key and the file's salt, so that no nonce ever serves twice, not even
when a file is sealed again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shopnow.privacy.beside import Digest, Flush
from shopnow.privacy.errors import SealBrokenError
from shopnow.privacy.files import make_private_folder, replacing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAGIC: Final = b"SNSEAL\x00\x01"
SALT_BYTES: Final = 16
HEADER_BYTES: Final = len(MAGIC) + SALT_BYTES
FRAME_BYTES: Final = 1024 * 1024
TAG_BYTES: Final = 16
NONCE_BYTES: Final = 12


@dataclass(frozen=True)
class SealedFile:
    """What was sealed: SHA-256 (hexadecimal) and size in bytes of the readable content."""

    sha256: str
    size: int


def seal_stream(source: BinaryIO, target: Path, key: bytes) -> SealedFile:
    """Seal `source` to its end into the new file `target`, in constant memory.

    The file takes its name when all of it is flushed; after an error nothing is left.  Its folder
    is made, closed to others, if it is missing.  `key` is the delivery's, of 32 bytes.
    """
    header = MAGIC + os.urandom(SALT_BYTES)
    cipher = AESGCM(frame_key(key, header))
    make_private_folder(target.parent)
    size = 0
    with replacing(target) as file, Digest() as digest, Flush(file) as flush:
        file.write(header)
        for number, (frame, is_last) in enumerate(_frames(source)):
            size += len(frame)
            digest.update(frame, is_last=is_last)
            bound = frame_label(header, number, is_last=is_last)
            file.write(cipher.encrypt(frame_nonce(number), frame, bound))
            flush.written()
        return SealedFile(digest.hexdigest(), size)


def seal_bytes(key: bytes, line: bytes) -> bytes:
    """Return `line` sealed under the delivery's key: nonce and ciphertext."""
    return seal_lines(key, {0: line})[0]


def seal_lines(key: bytes, lines: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return lines by number, each sealed as by `seal_bytes`."""
    cipher = AESGCM(_derived(key, b"sealed.line"))
    sealed = {}
    for number, line in lines.items():
        nonce = os.urandom(NONCE_BYTES)
        sealed[number] = nonce + cipher.encrypt(nonce, line, b"sealed line")
    return sealed


def open_bytes(key: bytes, sealed: bytes) -> bytes:
    """Return what `seal_bytes` was given; raises SealBrokenError."""
    cipher = AESGCM(_derived(key, b"sealed.line"))
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], b"sealed line")
    except (InvalidTag, ValueError):
        message = "a sealed line was altered, or the key is not its delivery's"
        raise SealBrokenError(message, "Read the line from the sealed file again.") from None


def frame_key(key: bytes, header: bytes) -> bytes:
    """Return the key of the frames of the file that has this header."""
    return _derived(key, b"sealed.stream", header[len(MAGIC) :])


def frame_nonce(number: int) -> bytes:
    """Return the nonce of a frame, counted from 0."""
    return number.to_bytes(NONCE_BYTES, "big")


def frame_label(header: bytes, number: int, *, is_last: bool) -> bytes:
    """Return what is bound to a frame beside its content."""
    return header + number.to_bytes(8, "big") + (b"\x01" if is_last else b"\x00")


def _derived(key: bytes, purpose: bytes, salt: bytes = b"") -> bytes:
    return blake2b(key=key, digest_size=32, person=purpose, salt=salt).digest()


def _frames(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield full frames and a last one; an empty source is one empty last frame."""
    frame = _filled(source)
    while True:
        following = _filled(source) if len(frame) == FRAME_BYTES else b""
        yield frame, not following
        if not following:
            return
        frame = following


def _filled(source: BinaryIO) -> bytes:
    """Read a whole frame: a pipe or a socket may give less than asked before its end."""
    parts: list[bytes] = []
    missing = FRAME_BYTES
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
