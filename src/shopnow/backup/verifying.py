"""Whether what the catalogue counts is really there, whole and unaltered."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.backup.archive import SUFFIX, gaps_after, segments_in
from shopnow.backup.catalogue import backups_of, described_in, expected
from shopnow.backup.errors import BackupBrokenError
from shopnow.backup.model import PHYSICAL, Backup, Kind, chain_of
from shopnow.backup.places import shelf_of
from shopnow.backup.restoring.unpacking import check_files
from shopnow.backup.running import shelf_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from shopnow.backup.places import Shelf
    from shopnow.kernel import Settings

_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verdict:
    """A backup, or the log, and what is wrong with it (in French); empty when it is good."""

    id: str
    problem: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problem


def verify(settings: Settings, progress: Callable[[str], None]) -> tuple[Verdict, ...]:
    """Check every backup that counts, its chain, and the log since the oldest: all bytes read."""
    shelf, keys = shelf_of(settings), shelf_for(settings, Kind.KEYS)
    found = [*_backups(shelf, progress), *_backups(keys, progress)]
    if shelf.archive:
        found.append(Verdict("journaux archivés", _archive_problem(shelf.archive, shelf)))
    return tuple(found)


def _backups(shelf: Shelf, progress: Callable[[str], None]) -> Iterator[Verdict]:
    known = backups_of(shelf)
    for identifier in expected(shelf):
        progress(identifier)
        try:
            backup = described_in(shelf.folder(identifier))
            check_files(backup, shelf.folder(identifier))
            if backup.kind in PHYSICAL:
                chain_of(backup, known)
        except BackupBrokenError as error:
            yield Verdict(identifier, error.message)
        else:
            yield Verdict(identifier)


def _archive_problem(archive: Path, shelf: Shelf) -> str:
    start = _first_wanted(backups_of(shelf))
    if start is None:
        return ""
    gaps = gaps_after(segments_in(archive), start)
    if gaps:
        return f"il manque {gaps[0].count} journal(aux) entre {gaps[0].after} et {gaps[0].before}"
    for name in segments_in(archive):
        if name[8:] >= start[8:] and not _reads(archive / f"{name}{SUFFIX}"):
            return f"le journal {name} ne se lit pas"
    return ""


def _first_wanted(known: Sequence[Backup]) -> str | None:
    """Return the segment where the newest chain starts: from there on, any second is wanted."""
    fulls = [b for b in known if b.kind is Kind.FULL and b.start_segment]
    return fulls[-1].start_segment if fulls else None


def _reads(path: Path) -> bool:
    try:
        with gzip.open(path, "rb") as stream:
            while stream.read(_PIECE):
                pass
    except (OSError, EOFError, zlib.error):
        return False
    return True
