"""Full and incremental backups, by PostgreSQL's own tools over the replication protocol.

Kept as compressed archives with PostgreSQL's manifest: one file to copy, to seal and to check.
Every backup is verified against its manifest before it counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shopnow.backup.errors import BackupError
from shopnow.backup.files import MIB, need_space
from shopnow.backup.model import PHYSICAL, Backup, Kind
from shopnow.backup.store import facts_of, switch_segment, take_mark, write_mark
from shopnow.backup.tools import BACKUP_ROLE, Programs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from shopnow.backup.model import Mark
    from shopnow.kernel import Clock, Settings

MANIFEST: Final = "backup_manifest"
BASE: Final = "base.tar.gz"
WAL: Final = "pg_wal.tar.gz"
_SEGMENT_BYTES: Final = 16 * MIB
# gzip makes a third of a warehouse; twice that is asked for, so as not to fail near the end.
_SHARE_NEEDED: Final = 0.7
_SMALLEST: Final = 64 * MIB
_STEP: Final = 100 * MIB
# More is no limit to pg_basebackup, and no word that it knows.
_FASTEST_MIB: Final = 1024


@dataclass(frozen=True, slots=True)
class Physical:
    """What a physical backup adds to its description."""

    facts: dict[str, Any]
    mark: Mark
    timeline: int
    start_segment: str
    last_segment: str | None


@dataclass(frozen=True, slots=True)
class Parent:
    """The backup that an incremental one builds on, and its folder."""

    backup: Backup
    folder: Path


def parent_for(kind: Kind, known: Sequence[Backup]) -> Backup | None:
    """Return the newest physical backup when an incremental one may build on it."""
    physical = [backup for backup in known if backup.kind in PHYSICAL]
    return physical[-1] if kind is Kind.INCREMENTAL and physical else None


def back_up(
    settings: Settings,
    clock: Clock,
    folder: Path,
    parent: Parent | None,
    *,
    progress: Callable[[str], None],
) -> Physical:
    """Write the archives of a physical backup into `folder`, verified.

    Raises DiskFullError when the disk is or gets full, BackupError for what the server refuses.
    """
    facts = facts_of(settings)
    if parent and parent.backup.system_identifier != facts["system_identifier"]:
        raise BackupError(
            f"la sauvegarde {parent.backup.id} est celle d'un autre serveur",
            "Faire une complète : `shopnow backup run full`.",
        )
    wanted = facts["database_bytes"] if parent is None else facts["database_bytes"] // 10
    need_space(folder, max(_SMALLEST, int(wanted * _SHARE_NEEDED)), "la sauvegarde")
    options = ["--format=tar", "--compress=client-gzip:1", "--checkpoint=fast", "--no-password"]
    options.append(f"--max-rate={min(settings.backup_rate_mib, _FASTEST_MIB)}M")
    options += ["--wal-method=stream", f"--label={folder.name}", f"--pgdata={folder}"]
    if parent:
        options.append(f"--incremental={parent.folder / MANIFEST}")
    programs = Programs(settings, gently=True)
    programs.run(
        "pg_basebackup",
        *options,
        writing="la sauvegarde",
        connects=True,
        role=BACKUP_ROLE if settings.embedded else None,
        while_running=_told_by_steps(folder, progress),
    )
    progress("vérification par le manifeste")
    programs.run("pg_verifybackup", "--no-parse-wal", "--quiet", folder, writing="la vérification")
    mark = take_mark(settings, clock, folder.name)
    write_mark(folder, mark)
    timeline, start, last = _wal_range(folder)
    if settings.embedded:
        switch_segment(settings)  # so that the mark reaches the archive
    return Physical(facts, mark, timeline, start, last if settings.embedded else None)


def _wal_range(folder: Path) -> tuple[int, str, str]:
    """Return timeline, first and last segment of the log that makes the backup consistent."""
    content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    first, last = content["WAL-Ranges"][0], content["WAL-Ranges"][-1]
    # The end is the first byte that is not needed any more.
    start = _segment(first["Timeline"], _position(first["Start-LSN"]))
    return int(first["Timeline"]), start, _segment(last["Timeline"], _position(last["End-LSN"]) - 1)


def _segment(timeline: int, position: int) -> str:
    high, low = divmod(position, 1 << 32)
    return f"{timeline:08X}{high:08X}{low // _SEGMENT_BYTES:08X}"


def _position(lsn: str) -> int:
    high, low = (int(part, 16) for part in lsn.split("/"))
    return high << 32 | low


def _told_by_steps(folder: Path, progress: Callable[[str], None]) -> Callable[[], None]:
    """Return what tells of every hundred megabytes more."""
    told = 0

    def tell() -> None:
        nonlocal told
        written = _bytes(folder) // _STEP
        if written > told:
            told = written
            progress(f"{written * _STEP // MIB} Mo écrits")

    return tell


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*"))
