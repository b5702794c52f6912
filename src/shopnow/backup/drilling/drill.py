"""The drill: a real restore to a marked second on a throw-away server, judged and measured."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from shopnow.backup.archive import last_archived, wait_archived
from shopnow.backup.catalogue import backups_of, described_in, note, only_one
from shopnow.backup.copies import backup_key
from shopnow.backup.drilling.model import DrillResult, Sabotage, write_result
from shopnow.backup.drilling.probes import leaks_of
from shopnow.backup.drilling.sabotage import open_with_wrong_key, small_disk, spoiled
from shopnow.backup.errors import BackupBrokenError, BackupError, DiskFullError
from shopnow.backup.model import PHYSICAL
from shopnow.backup.places import shelf_of
from shopnow.backup.restoring.comparing import Comparison, compared, held_by, marked
from shopnow.backup.restoring.opening import replay_ledgers
from shopnow.backup.restoring.recovery import Target
from shopnow.backup.restoring.side import made_side, sweep_sides
from shopnow.backup.restoring.watch import RESTORING, Watch
from shopnow.backup.restoring.whole import (
    Plan,
    plan_restore,
    reach,
    restored_at,
)
from shopnow.backup.store import read_mark, switch_segment, take_mark
from shopnow.kernel import ShopnowError
from shopnow.kernel.server import Server
from shopnow.security import check_access

if TYPE_CHECKING:
    from shopnow.backup.model import Mark
    from shopnow.backup.places import Shelf
    from shopnow.backup.restoring.side import Side
    from shopnow.kernel import Clock, Settings

_ARCHIVE_SECONDS: Final = 120.0
_SHOWN: Final = 3
Progress = Callable[[str], None]
# Given the restored warehouse, returns what is wrong with it, in French.
Judge = Callable[["Settings"], list[str]]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What is restored: a plan, the mark it must reach, and how stale the archive was."""

    plan: Plan
    mark: Mark
    rpo_seconds: float | None


@dataclass(frozen=True, slots=True)
class Stage:
    """What a rehearsal works with."""

    settings: Settings
    clock: Clock
    shelf: Shelf
    rehearsal: Rehearsal
    judge: Judge
    watch: Watch


def drill(
    settings: Settings,
    clock: Clock,
    *,
    judge: Judge,
    progress: Progress = lambda _: None,
    older: bool = False,
    sabotage: Sabotage | None = None,
) -> DrillResult:
    """Rehearse a restore and return what was found; the result is kept beside the catalogue.

    The newest chain up to a second marked now; with `older` a random older backup up to its own
    mark.  Nothing live changes.  Raises BackupBusyError, or BackupError when nothing can be
    rehearsed; a restore that fails is a finding, not an error.
    """
    shelf = shelf_of(settings)
    rehearsal = _older(settings, clock, shelf) if older else _newest(settings, clock, shelf)
    identifier = f"{clock.now():%Y-%m-%dT%H-%M-%S}-drill" + (f"-{sabotage}" if sabotage else "")
    watch = Watch(progress)
    with only_one(shelf, f"exercice {identifier}"):
        began = time.monotonic()
        findings, noticed = _rehearsed(
            Stage(settings, clock, shelf, rehearsal, judge, watch), sabotage
        )
        # What is judged afterwards does not keep the warehouse closed.
        opened = sum(watch.seconds.get(step, 0.0) for step in (*RESTORING, "registres"))
        whole = time.monotonic() - began
        tables = rehearsal.mark.tables
        result = DrillResult(
            id=identifier,
            at=clock.now(),
            good=bool(noticed) if sabotage else not findings,
            backup=rehearsal.plan.chain[-1].id,
            findings=tuple(findings),
            seconds=watch.seconds | {"total": round(whole, 3)},
            rto_seconds=None if sabotage or findings else round(opened, 3),
            rpo_seconds=rehearsal.rpo_seconds,
            database_bytes=rehearsal.plan.chain[-1].database_bytes,
            rows=sum(extent.rows for extent in tables.values()),
            tables=len(tables),
            sabotage=sabotage,
            noticed_as=noticed,
        )
        write_result(shelf.drills, result)
        note(shelf, clock.now(), "drilled", identifier, good=result.good)
    return result


def _newest(settings: Settings, clock: Clock, shelf: Shelf) -> Rehearsal:
    """Mark this second in the live warehouse and bring its log up to there into the archive."""
    if shelf.archive is None or not Server(settings).status().running:
        raise BackupError(
            "l'exercice marque une seconde dans l'entrepôt en service, qui ne tourne pas",
            "`shopnow up`, ou `shopnow drill --older` pour une sauvegarde plus ancienne.",
        )
    plan = plan_restore(settings, clock)
    archived = last_archived(shelf.archive)
    # What would be lost if the data folder were lost now; counting takes its time after that.
    stale = (datetime.now(UTC) - archived).total_seconds() if archived else None
    mark = take_mark(settings, clock, "exercice de restauration")
    wait_archived(shelf.archive, switch_segment(settings), _ARCHIVE_SECONDS)
    target = replace(plan.target, xid=mark.xid)
    return Rehearsal(replace(plan, target=target), mark, stale and round(stale, 3))


def _older(settings: Settings, clock: Clock, shelf: Shelf) -> Rehearsal:
    """Take a random backup other than the newest (the newest where there is no other)."""
    physical = [backup for backup in backups_of(shelf) if backup.kind in PHYSICAL]
    if not physical:
        raise BackupError("aucune sauvegarde à restaurer", "`shopnow backup run full`.")
    chosen = random.choice(physical[:-1] or physical)  # noqa: S311  # any will do
    mark = read_mark(shelf.folder(chosen.id))
    if mark is None:
        raise BackupBrokenError(f"la sauvegarde {chosen.id} n'a pas de repère")
    plan = plan_restore(settings, clock, backup=chosen.id)
    reach(settings, clock, Target())
    target = Target(xid=mark.xid, number=chosen.timeline)
    return Rehearsal(replace(plan, target=target), mark, None)


def _rehearsed(stage: Stage, sabotage: Sabotage | None) -> tuple[list[str], str | None]:
    """Restore, judge, throw away; return the findings, and how a sabotage was noticed."""
    sweep_sides(stage.settings)
    side = made_side(stage.settings, f"drill-{stage.rehearsal.plan.id}", throw_away=True)
    try:
        return _sabotaged(stage, side, sabotage) if sabotage else (_judged(stage, side), None)
    except (BackupBrokenError, DiskFullError) as error:
        return [error.message], error.message if sabotage else None
    finally:
        side.drop()


def _sabotaged(stage: Stage, side: Side, sabotage: Sabotage) -> tuple[list[str], str | None]:
    """Try to restore from what was spoiled; getting through is the finding."""
    plan, spoils = stage.rehearsal.plan, side.folder / "spoiled"
    used = spoiled(stage.shelf, plan.chain, sabotage, spoils)
    plan = replace(plan, chain=tuple(described_in(used.folder(b.id)) for b in plan.chain))
    if sabotage is Sabotage.WRONG_KEY:
        open_with_wrong_key(used, plan.chain, backup_key(stage.settings), spoils)
    elif sabotage is Sabotage.FULL_DISK:
        with small_disk():
            restored_at(side, used, plan, stage.watch)
    else:
        recovered = restored_at(side, used, plan, stage.watch)
        if not compared(marked(stage.rehearsal.mark), held_by(side.settings)).same:
            return [f"restauré jusqu'à {recovered.lsn}"], "contenu différent du repère"
    return [f"sabotage non remarqué : {sabotage}"], None


def _judged(stage: Stage, side: Side) -> list[str]:
    clock, watch, rehearsal = stage.clock, stage.watch, stage.rehearsal
    restored_at(side, stage.shelf, rehearsal.plan, watch)
    after = watch.timed(
        "comparaison", lambda: compared(marked(rehearsal.mark), held_by(side.settings))
    )
    findings = list(_differences(after, exact=rehearsal.mark.exact))
    findings += watch.timed("registres", lambda: _replayed(side, clock))
    findings += watch.timed("audits", lambda: stage.judge(side.settings))
    findings += watch.timed("accès", lambda: _access_findings(stage, side))
    findings += watch.timed("cloisonnement", lambda: leaks_of(side.settings, clock.now()))
    return findings


def _replayed(side: Side, clock: Clock) -> list[str]:
    try:
        replay_ledgers(side.settings, clock)
    except ShopnowError as error:
        return [error.message]
    return []


def _access_findings(stage: Stage, side: Side) -> list[str]:
    """Return how restored rights and policies drift where the live ones do not."""
    drift = set(map(str, check_access(side.settings, stage.clock)))
    if drift and Server(stage.settings).status().running:
        drift -= set(map(str, check_access(stage.settings, stage.clock)))
    return [f"{len(drift)} écart(s) entre accès déclarés et restaurés"] if drift else []


def _differences(difference: Comparison, *, exact: bool) -> list[str]:
    found = [
        f"{table.name} : {table.before} lignes au repère, {table.after} restaurées"
        for table in difference.tables
        # During a load the mark and its count are not one moment: a table that is there counts.
        if exact or table.after is None
    ]
    for name, lines in (("manque", difference.missing), ("est de trop", difference.added)):
        found += [f"structure : {line[:120]} {name}" for line in lines[:_SHOWN]]
    return found + [f"séquence en retard : {name}" for name in difference.sequences_behind]
