"""What is due now, done: backups by the calendar, copies, retention; and how it all stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shopnow.backup.archive import last_archived
from shopnow.backup.calendar import calendars, due, parsed
from shopnow.backup.catalogue import backups_of
from shopnow.backup.copies import copy_all
from shopnow.backup.drilling.model import DrillResult, results_in
from shopnow.backup.errors import BackupBusyError
from shopnow.backup.model import Backup, Kind
from shopnow.backup.places import shelf_of
from shopnow.backup.pruning import prune
from shopnow.backup.running import run_backup, shelf_for
from shopnow.kernel import ShopnowError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from shopnow.kernel import Clock, Settings


@dataclass(frozen=True, slots=True)
class Done:
    """What a round did: backups made, files copied, backups given up, and what failed (French)."""

    made: tuple[str, ...] = ()
    copied: int = 0
    pruned: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BackupState:
    """How safe the warehouse is: the newest good backup of each kind, the log, the last drill.

    None means there is none: no data, never good.
    """

    newest: dict[Kind, datetime | None]
    last_archived_at: datetime | None
    last_drill: DrillResult | None
    drill_is_due: bool
    due: tuple[Kind, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the calendar: when it was made last, when it comes next."""

    kind: str
    words_fr: str
    last: datetime | None
    next: datetime


def due_backups(
    settings: Settings, clock: Clock, progress: Callable[[str], None] = lambda _: None
) -> Done:
    """Make what the calendar says is due, copy it elsewhere, give up what is past its time.

    Never raises for a backup that fails: the others are made, and the failure is returned.
    """
    failures: list[str] = []
    made = []
    for kind in due(calendars(settings), _made_at(settings), clock.now(), settings.tz):
        try:
            made.append(run_backup(settings, clock, kind, progress).id)
        except BackupBusyError:
            break  # whoever is at it will be done before the next round
        except ShopnowError as error:
            failures.append(f"{kind} : {error.message}")
    copied = 0
    pruned: tuple[str, ...] = ()
    try:
        copied = copy_all(settings, clock, progress)
        # Nothing is given up while a new backup could not be made.
        if not failures:
            pruned = tuple(b.id for b in prune(settings, clock, progress).given_up)
    except BackupBusyError:
        pass
    except ShopnowError as error:
        failures.append(error.message)
    return Done(tuple(made), copied, pruned, tuple(failures))


def backup_state(settings: Settings, clock: Clock) -> BackupState:
    """Return how safe the warehouse is now, from files alone: the database need not answer."""
    shelf = shelf_of(settings)
    ended: dict[Kind, datetime | None] = dict.fromkeys(Kind)
    for backup in _all_backups(settings):
        ended[backup.kind] = backup.ended_at
    # A sabotage that was noticed proves the alarm, not the backups.
    drills = [result for result in results_in(shelf.drills) if result.sabotage is None]
    calendar = parsed(settings.drill_at, "drill_at")
    last = drills[-1] if drills else None
    wanted = calendar.last(clock.now(), settings.tz) if calendar else None
    waiting = due(calendars(settings), _made_at(settings), clock.now(), settings.tz)
    return BackupState(
        ended,
        last_archived(shelf.archive),
        last,
        wanted is not None and (last is None or last.at < wanted),
        waiting,
    )


def calendar_of(settings: Settings, clock: Clock) -> list[Planned]:
    """Return the calendar, line by line, with last and next times."""
    now, made = clock.now(), _made_at(settings)
    lines = [
        Planned(kind, when.words_fr, made.get(kind), when.following(now, settings.tz))
        for kind, when in calendars(settings).items()
    ]
    drill = parsed(settings.drill_at, "drill_at")
    if drill:
        last = backup_state(settings, clock).last_drill
        following = drill.following(now, settings.tz)
        lines.append(Planned("drill", drill.words_fr, last.at if last else None, following))
    return lines


def _made_at(settings: Settings) -> dict[Kind, datetime]:
    return {backup.kind: backup.started_at for backup in _all_backups(settings)}


def _all_backups(settings: Settings) -> list[Backup]:
    return backups_of(shelf_of(settings)) + backups_of(shelf_for(settings, Kind.KEYS))
