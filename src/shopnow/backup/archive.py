"""The WAL archive: every finished segment since the oldest backup that points in time go back to.

Protects the promised loss: what is archived is contiguous, and a gap is found before a restore
needs what is missing.
"""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from shopnow.backup.errors import BackupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_SEGMENT: Final = re.compile(r"[0-9A-F]{24}")
SUFFIX: Final = ".gz"
_PER_FILE: Final = 0x100
_PAUSE_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class Gap:
    """Segments that should stand between two that are there; `count` is how many."""

    after: str
    before: str
    count: int


def is_segment(name: str) -> bool:
    """Say whether an archived file is a segment of the log (else: the history of a timeline)."""
    return bool(_SEGMENT.fullmatch(name.removesuffix(SUFFIX)))


def segments_in(archive: Path) -> list[str]:
    """Return the names of the archived segments, in the order of their timelines and places."""
    names = (path.name.removesuffix(SUFFIX) for path in archive.glob(f"*{SUFFIX}"))
    return sorted(name for name in names if _SEGMENT.fullmatch(name))


def segments_of(archive: Path, timeline: int | None) -> list[str]:
    """Return the archived segments up to a timeline (None: the newest), in order."""
    names = segments_in(archive)
    return [name for name in names if timeline is None or int(name[:8], 16) <= timeline]


def place_in_log(segment: str) -> int:
    """Return the number of a segment, counted from the beginning of the log."""
    return int(segment[8:16], 16) * _PER_FILE + int(segment[16:24], 16)


def gaps_after(segments: Iterable[str], start: str) -> list[Gap]:
    """Return the holes in the archive from `start` on; timelines that part follow one another.

    >>> gaps_after(["0" * 23 + "1", "0" * 23 + "3"], "0" * 23 + "1")[0].count
    1
    """
    wanted = sorted(
        {place_in_log(name): name for name in segments if name[8:] >= start[8:]}.items()
    )
    if not wanted:
        return []
    holes = [(place_in_log(start) - 1, start), *wanted]
    return [
        Gap(name, after, there - here - 1)
        for (here, name), (there, after) in itertools.pairwise(holes)
        if there - here > 1
    ]


def wait_archived(archive: Path, segment: str, seconds: float) -> None:
    """Wait until a finished segment is in the archive.

    Raises BackupError when it is not after `seconds`: then the archive does not work.
    """
    end = time.monotonic() + seconds
    while not (archive / f"{segment}{SUFFIX}").is_file():
        if time.monotonic() > end:
            raise BackupError(
                f"le journal {segment} n'est pas archivé après {seconds:.0f} s",
                "`shopnow doctor` dit pourquoi l'archivage échoue.",
            )
        time.sleep(_PAUSE_SECONDS)


def last_archived(archive: Path | None) -> datetime | None:
    """Return when the newest segment was archived."""
    if archive is None or not archive.is_dir():
        return None
    times = [path.stat().st_mtime for path in archive.glob(f"*{SUFFIX}")]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def forget_before(archive: Path, segment: str, told: Callable[[str], None]) -> int:
    """Delete the segments before `segment`, on whatever timeline; return how many."""
    limit = place_in_log(segment)
    old = [name for name in segments_in(archive) if place_in_log(name) < limit]
    for name in old:
        (archive / f"{name}{SUFFIX}").unlink(missing_ok=True)
    if old:
        told(f"{len(old)} journaux antérieurs à {segment} effacés")
    return len(old)
