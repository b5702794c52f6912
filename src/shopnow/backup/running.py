"""Making a backup of any kind: one at a time, whole or not at all, and noted."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shopnow.backup import keys, landing, logical, metadata, physical
from shopnow.backup.catalogue import backups_of, finish, note, only_one, sweep
from shopnow.backup.errors import BackupError, NoSummariesError, full_disk_told
from shopnow.backup.files import described, private_folder
from shopnow.backup.model import PHYSICAL, Backup, Kind
from shopnow.backup.places import Shelf, shelf_of
from shopnow.backup.store import facts_of
from shopnow.kernel import ShopnowError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from shopnow.kernel import Clock, Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """What a backup is made from: settings, clock, the shelf it goes to, who hears of it."""

    settings: Settings
    clock: Clock
    shelf: Shelf
    progress: Callable[[str], None]


def run_backup(
    settings: Settings,
    clock: Clock,
    kind: Kind,
    progress: Callable[[str], None] = lambda _: None,
) -> Backup:
    """Make one backup and return it; it counts from then on.

    An incremental one without anything to build on becomes a full one.  Raises BackupBusyError
    when another is under way, DiskFullError when the disk is full, BackupError otherwise; what
    was begun is deleted, and the warehouse goes on.
    """
    shelf = shelf_for(settings, kind)
    asked = Asked(settings, clock, shelf, progress)
    with only_one(shelf, f"sauvegarde {kind}"):
        sweep(shelf)
        known = backups_of(shelf)
        parent = physical.parent_for(kind, known)
        if kind is Kind.INCREMENTAL and parent is None:
            progress("aucune complète : l'incrémentale devient complète")
            kind = Kind.FULL
        try:
            return _made(asked, kind, parent, known)
        except NoSummariesError:
            # After a restore, or when summaries are older than the server keeps them.
            progress("l'incrémentale est impossible : elle devient complète")
            return _made(asked, Kind.FULL, None, known)


def shelf_for(settings: Settings, kind: Kind) -> Shelf:
    """Return where a kind stands: keys have a shelf of their own."""
    shelf = shelf_of(settings)
    return Shelf(shelf.keys, shelf.keys, None) if kind is Kind.KEYS else shelf


def _made(asked: Asked, kind: Kind, parent: Backup | None, known: Sequence[Backup]) -> Backup:
    started = asked.clock.now()
    identifier = _identifier(asked.shelf, kind, started)
    folder = asked.shelf.unfinished(identifier)
    try:
        with full_disk_told("la sauvegarde"):
            note(asked.shelf, started, "begun", identifier, kind=kind)
            private_folder(folder)
            more = _content(asked, kind, folder, parent, known)
            backup = Backup(
                id=identifier,
                kind=kind,
                started_at=started,
                ended_at=more.pop("ended_at", None) or asked.clock.now(),
                files=described(folder),
                parent=parent.id if parent else None,
                **more,
            )
            finish(asked.shelf, backup, asked.clock.now())
    except BaseException as error:
        remove_unfinished(folder)
        _note_failure(asked, identifier, error)
        raise
    asked.progress(f"sauvegarde {identifier} faite")
    return backup


def _content(
    asked: Asked, kind: Kind, folder: Path, parent: Backup | None, known: Sequence[Backup]
) -> dict[str, Any]:
    """Write the files of a backup; return what its description says beside them."""
    settings, progress = asked.settings, asked.progress
    if kind in PHYSICAL:
        built_on = physical.Parent(parent, asked.shelf.folder(parent.id)) if parent else None
        made = physical.back_up(settings, asked.clock, folder, built_on, progress=progress)
        return made.facts | {
            "timeline": made.timeline,
            "start_segment": made.start_segment,
            # A time before the mark can be reached only from the backup before this one.
            "ended_at": made.mark.at,
            "details": {"xid": made.mark.xid, "lsn": made.mark.lsn, "segment": made.last_segment},
        }
    if kind is Kind.PARTIAL:
        details = logical.back_up(settings, asked.clock, folder, progress)
        return facts_of(settings) | {"details": details}
    if kind is Kind.METADATA:
        return {"details": metadata.back_up(settings, folder, progress)}
    if kind is Kind.STAGING:
        since = asked.clock.now() - timedelta(days=settings.backup_landing_days)
        return {"details": landing.back_up(settings, folder, known, since, progress)}
    return {"details": keys.back_up(settings, folder)}


def _identifier(shelf: Shelf, kind: Kind, at: datetime) -> str:
    base = f"{at:%Y-%m-%dT%H-%M-%S}-{kind}"
    taken = {path.name for path in shelf.root.iterdir()}
    names = (base if n == 1 else f"{base}-{n}" for n in range(1, 1000))
    try:
        return next(n for n in names if n not in taken and f".{n}.partial" not in taken)
    except StopIteration:
        raise BackupError("trop de sauvegardes dans la même seconde") from None


def remove_unfinished(folder: Path) -> None:
    """Delete what an unfinished backup wrote, first what a full disk needs most."""
    shutil.rmtree(folder, ignore_errors=True)


def _note_failure(asked: Asked, identifier: str, error: BaseException) -> None:
    why = error.message if isinstance(error, ShopnowError) else type(error).__name__
    try:
        note(asked.shelf, asked.clock.now(), "failed", identifier, why=why)
    except OSError:
        # A disk too full for a line: the missing `made` says enough.
        asked.progress("l'échec n'a pas pu être noté au catalogue")
