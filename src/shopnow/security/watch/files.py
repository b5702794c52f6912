"""The files of the server's log, read from where the last reading ended.

Survives what happens to such files: a name that is used again a week later, a file cut to nothing,
a last line that is not finished yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATTERN: Final = "postgresql-*.log"
HEAD_BYTES: Final = 64
CHUNK_BYTES: Final = 8 * 1024**2


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file was read; `head` are its first bytes, at most HEAD_BYTES of them."""

    head: bytes
    position: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Whole lines of one file, and where the next reading begins; `began_anew`: another file."""

    file_name: str
    lines: list[str]
    now: Position
    began_anew: bool


def read_on(folder: Path, known: dict[str, Position]) -> Iterator[Reading]:
    """Yield what the files gained, in pieces of at most 8 MB, the oldest file first."""
    files = sorted(folder.glob(PATTERN), key=lambda path: path.stat().st_mtime_ns)
    for path in files:
        yield from _read_file(path, known.get(path.name))


def _read_file(path: Path, before: Position | None) -> Iterator[Reading]:
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
        size = stream.seek(0, 2)
        is_other = before is not None and (
            size < before.position or not head.startswith(before.head)
        )
        at = before.position if before is not None and not is_other else 0
        while True:
            stream.seek(at)
            piece = stream.read(CHUNK_BYTES)
            end = piece.rfind(b"\n") + 1
            if not end:
                # A line of 8 MB is none of the server's that says something of security.
                if len(piece) < CHUNK_BYTES:
                    return
                end = len(piece)
            at += end
            lines = piece[:end].decode("utf-8", "replace").split("\n")
            yield Reading(path.name, lines, Position(head, at), is_other)
            is_other = False
