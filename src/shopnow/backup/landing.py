"""The staging backup: the sealed files as received, short-lived.

Rows of staging are read again from these files, so the files are its backup.  Each backup holds
what is new or sealed again since the one before; their keys are backed up elsewhere.
"""

from __future__ import annotations

import tarfile
from datetime import timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from shopnow.backup.errors import full_disk_told
from shopnow.backup.files import files_below, need_space, unpack_within
from shopnow.backup.model import Backup, Kind
from shopnow.kernel import Home
from shopnow.privacy import open_key_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from shopnow.kernel import Clock, Settings

ARCHIVE: Final = "landing.tar"


def back_up(
    settings: Settings,
    folder: Path,
    known: Sequence[Backup],
    since: datetime,
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Write the sealed files changed since the newest staging backup, none older than `since`.

    Raises DiskFullError.
    """
    earlier = [backup for backup in known if backup.kind is Kind.STAGING]
    # From the start of the one before, not its end: what was sealed meanwhile is in neither.
    newest = earlier[-1].started_at if earlier else since
    limit = max(newest, since).timestamp()
    landing = Home(settings.home).landing
    fresh = [p for p in files_below(landing) if p.suffix == ".sealed" and _mtime(p) >= limit]
    need_space(folder, sum(p.stat().st_size for p in fresh), "les fichiers reçus")
    count = 0
    with (
        full_disk_told("les fichiers reçus"),
        tarfile.open(folder / ARCHIVE, "w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in fresh:
            try:
                archive.add(path, path.relative_to(landing).as_posix(), recursive=False)
            except FileNotFoundError:
                continue  # discarded or erased since it was listed
            count += 1
    progress(f"{count} fichiers scellés")
    return {"files": count, "follows": earlier[-1].id if earlier else None}


def restore(settings: Settings, clock: Clock, folders: Sequence[Path]) -> int:
    """Put back the sealed files that are missing, from backups in order; return how many.

    A file that is there is never replaced: it may have been sealed again without a person's lines.
    One whose key was destroyed stays away: it was sealed again under another name, or its time was
    over.
    """
    landing = Home(settings.home).landing
    opened = _with_keys(settings, clock)
    wanted: dict[str, Path] = {}
    for folder in folders:
        with tarfile.open(folder / ARCHIVE) as archive:
            names = (m.name for m in archive if m.isfile())
            wanted |= dict.fromkeys(
                (n for n in names if opened is None or PurePosixPath(n).stem in opened), folder
            )
    count = 0
    for folder in folders:
        with full_disk_told("les fichiers reçus"), tarfile.open(folder / ARCHIVE) as archive:
            unpack_within(archive, "data")
            for member in archive:
                if wanted.get(member.name) == folder and not (landing / member.name).exists():
                    archive.extract(member, landing)
                    count += 1
    return count


def _with_keys(settings: Settings, clock: Clock) -> frozenset[str] | None:
    """Return the names of the files that can be opened; None where no key store says so."""
    if not Home(settings.home).keystore.is_file():
        return None
    with open_key_store(settings, clock) as keystore:
        return frozenset(keystore.delivery_refs(clock.now() + timedelta(days=1)))


def _mtime(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
