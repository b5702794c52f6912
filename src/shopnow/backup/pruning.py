"""Deleting by retention alone: planned, then done; never the last good one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.backup.archive import forget_before, is_segment
from shopnow.backup.catalogue import backups_of, lines_of, only_one, remove
from shopnow.backup.copies import copies_of, held_there
from shopnow.backup.model import PHYSICAL, Backup, Kind
from shopnow.backup.places import shelf_of
from shopnow.backup.retention import Fate, fates, oldest_wal_wanted, rule_of
from shopnow.backup.running import shelf_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from shopnow.backup.copies import Copies
    from shopnow.backup.places import Shelf
    from shopnow.kernel import Clock, Settings


@dataclass(frozen=True, slots=True)
class Pruning:
    """What retention keeps and gives up, and the first log segment that is still wanted."""

    fates: tuple[Fate, ...]
    first_segment: str | None

    @property
    def given_up(self) -> tuple[Backup, ...]:
        """The backups to delete."""
        return tuple(fate.backup for fate in self.fates if not fate.kept)


def plan_pruning(settings: Settings, clock: Clock) -> Pruning:
    """Return what retention would delete now."""
    now, rule = clock.now(), rule_of(settings)
    known = backups_of(shelf_of(settings)) + backups_of(shelf_for(settings, Kind.KEYS))
    found = fates(known, rule, now)
    kept = [fate.backup for fate in found if fate.kept and fate.backup.kind in PHYSICAL]
    return Pruning(found, oldest_wal_wanted(kept, rule, now))


def prune(settings: Settings, clock: Clock, progress: Callable[[str], None]) -> Pruning:
    """Delete what retention gives up, here and at the second place; return the plan it followed.

    Copies younger than the lock stay, whatever was deleted here.
    """
    shelf = shelf_of(settings)
    with only_one(shelf, "rétention"):
        plan = plan_pruning(settings, clock)
        for backup in plan.given_up:
            here = shelf_for(settings, backup.kind)
            progress(f"{backup.id} effacée")
            remove(here, backup, clock.now(), "retention")
        if shelf.archive and plan.first_segment:
            forget_before(shelf.archive, plan.first_segment, progress)
        for of_keys, there in ((False, shelf), (True, shelf_for(settings, Kind.KEYS))):
            copies = copies_of(settings, of_keys=of_keys)
            if copies:
                with copies:
                    _prune_copies(settings, copies, there, clock.now())
                    _prune_log(settings, copies, plan.first_segment)
    return plan


def _prune_copies(settings: Settings, copies: Copies, shelf: Shelf, now: datetime) -> None:
    lines = lines_of(shelf)
    made = {line.id: line.at for line in lines if line.what == "made"}
    gone = {line.id for line in lines if line.what == "removed"}
    for identifier in _unlocked(sorted(gone & set(held_there(copies))), made, settings, now):
        copies.forget(identifier)


def _prune_log(settings: Settings, copies: Copies, first: str | None) -> None:
    """Delete copies of segments older than any chain of the last days."""
    if first is None or settings.backup_days < settings.backup_lock_days:
        return
    for name in copies.names("wal"):
        if is_segment(name.removeprefix("wal/")) and name[12:28] < first[8:]:
            copies.forget(name)


def _unlocked(
    names: Sequence[str], made: dict[str, datetime], settings: Settings, now: datetime
) -> list[str]:
    days = settings.backup_lock_days
    return [name for name in names if (now - made[name]).days >= days]
