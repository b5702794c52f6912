"""Where a part is taken from: a database that holds the past, both ledgers replayed on it.

Either a partial backup loaded into a database of its own beside the live one, or a whole restore
to any second on a throw-away server.
"""

from __future__ import annotations

import gzip
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from psycopg import sql

from shopnow.backup.catalogue import backups_of
from shopnow.backup.errors import BackupBrokenError, full_disk_told
from shopnow.backup.logical import DUMP, JOURNAL
from shopnow.backup.model import PHYSICAL, Backup, Kind
from shopnow.backup.places import shelf_of
from shopnow.backup.restoring.opening import replay_ledgers
from shopnow.backup.restoring.recovery import Target
from shopnow.backup.restoring.side import made_side, sweep_sides
from shopnow.backup.restoring.unpacking import check_files
from shopnow.backup.restoring.whole import Plan, plan_restore, reach, restored_at
from shopnow.backup.store import SQL
from shopnow.backup.tools import Programs
from shopnow.kernel import connect
from shopnow.kernel.server import create_database, drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from shopnow.backup.places import Shelf
    from shopnow.backup.restoring.watch import Watch
    from shopnow.kernel import Clock, Settings

_PIECE: Final = 1024 * 1024
_MOST_JOBS: Final = 4


@dataclass(frozen=True, slots=True)
class Source:
    """A database with the past in it, and what it is called in reports."""

    settings: Settings
    label: str


@contextmanager
def source_of(
    settings: Settings,
    clock: Clock,
    *,
    to: datetime | None,
    backup: str | None,
    logical: bool,
    watch: Watch,
) -> Iterator[Source]:
    """Give the source of a part; it is deleted when the block is left.

    `to`: the whole warehouse as of an instant.  `backup`: this one, partial or physical.  Neither:
    the newest partial one if `logical` allows it, else the newest physical one.
    """
    shelf = shelf_of(settings)
    chosen = _chosen(shelf, to, backup, logical=logical)
    if chosen is not None and chosen.kind is Kind.PARTIAL:
        with _from_dump(settings, clock, shelf, chosen, watch) as source:
            yield source
        return
    target = Target(to=to)
    if chosen is not None:
        # Up to its own mark: without it a partial restore would bring the damage back.
        target = Target(xid=str(chosen.details["xid"]), number=chosen.timeline)
    identifier = chosen.id if chosen else None
    plan = plan_restore(settings, clock, to=to, backup=identifier, target=target)
    with _from_chain(settings, clock, shelf, plan, watch) as source:
        yield source


def _chosen(
    shelf: Shelf, to: datetime | None, identifier: str | None, *, logical: bool
) -> Backup | None:
    if to is not None:
        return None
    kinds = (Kind.PARTIAL, *PHYSICAL)
    known = [backup for backup in backups_of(shelf) if backup.kind in kinds]
    if identifier is not None:
        known = [backup for backup in known if backup.id == identifier]
    elif logical and any(backup.kind is Kind.PARTIAL for backup in known):
        known = [backup for backup in known if backup.kind is Kind.PARTIAL]
    else:
        known = [backup for backup in known if backup.kind in PHYSICAL]
    if not known:
        raise BackupBrokenError(
            f"aucune sauvegarde {identifier or ''} d'où reprendre cela".replace("  ", " "),
            "`shopnow backup list` énumère celles qui comptent.",
        )
    return known[-1]


@contextmanager
def _from_chain(
    settings: Settings,
    clock: Clock,
    shelf: Shelf,
    plan: Plan,
    watch: Watch,
) -> Iterator[Source]:
    reach(settings, clock, plan.target)
    plan = replace(plan, id=f"part-{plan.id}")
    sweep_sides(settings)
    side = made_side(settings, plan.id, throw_away=True)
    try:
        restored_at(side, shelf, plan, watch)
        replay_ledgers(side.settings, clock)
        to = plan.target.to
        label = f"{to:%Y-%m-%d %H:%M:%S %Z}" if to else plan.chain[-1].id
        yield Source(side.settings, label)
    finally:
        side.drop()


@contextmanager
def _from_dump(
    settings: Settings, clock: Clock, shelf: Shelf, backup: Backup, watch: Watch
) -> Iterator[Source]:
    folder = shelf.folder(backup.id)
    watch.timed("contrôle", lambda: check_files(backup, folder))
    _sweep_databases(settings)
    name = f"restore_{backup.ended_at:%Y%m%d%H%M%S}_{clock.now():%H%M%S%f}"
    scratch = create_database(settings, name)
    try:
        watch.progress(f"chargement de {backup.id} à côté")
        watch.timed("chargement à côté", lambda: _loaded(scratch, backup, folder))
        replay_ledgers(scratch, clock)
        yield Source(scratch, backup.id)
    finally:
        drop_database(settings, name)


def _loaded(scratch: Settings, backup: Backup, folder: Path) -> None:
    with full_disk_told("la base restaurée à côté"):
        Programs(scratch).run(
            "pg_restore",
            "--exit-on-error",
            "--no-password",
            f"--jobs={min(_MOST_JOBS, os.cpu_count() or 1)}",
            f"--dbname={scratch.database}",
            folder / DUMP,
            writing="la base restaurée à côté",
            connects=True,
            role="postgres",
        )
        _load_journal(scratch, backup, folder)


def _sweep_databases(settings: Settings) -> None:
    """Delete what an interrupted restore left; the shelf is held, so nobody uses it."""
    with connect(settings, None, application_name="shopnow restore") as conn:
        left = [name for (name,) in conn.execute(SQL["leftover_databases"])]
    for name in left:
        drop_database(settings, name)


def _load_journal(scratch: Settings, backup: Backup, folder: Path) -> None:
    columns_of = backup.details.get("journal", {})
    with connect(scratch, None, application_name="shopnow restore") as conn, conn.transaction():
        conn.execute(SQL["rules_off"])
        for table, columns in columns_of.items():
            statement = SQL.compose(
                "rows_copy_in_text",
                table=sql.Identifier("journal", table),
                columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            )
            path = folder / JOURNAL / f"{table}.copy.gz"
            with gzip.open(path, "rb") as stream, conn.cursor().copy(statement) as copy:
                while piece := stream.read(_PIECE):
                    copy.write(piece)
