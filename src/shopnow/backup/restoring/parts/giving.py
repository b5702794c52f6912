"""Restoring a part from end to end: source, beside, compared, given back in one transaction."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import sql

from shopnow.backup.catalogue import note, only_one
from shopnow.backup.errors import BackupBusyError, BackupError
from shopnow.backup.logical import SCHEMAS
from shopnow.backup.places import shelf_of
from shopnow.backup.restoring.opening import forget_differences, replay_ledgers
from shopnow.backup.restoring.parts.model import Part, PartReport, Reach, Table
from shopnow.backup.restoring.parts.rows import Beside, tables_of
from shopnow.backup.restoring.parts.source import Source, source_of
from shopnow.backup.restoring.parts.structure import Missing, missing_objects
from shopnow.backup.restoring.watch import Watch
from shopnow.backup.restoring.whole import Progress, refuse_external
from shopnow.backup.store import SQL
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shopnow.kernel import Clock, Settings

_APPLICATION: Final = "shopnow restore"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which part, from when or from which backup, and how rows that came later are treated."""

    part: Part
    to: datetime | None = None
    backup: str | None = None
    # None: refuse to apply when there are any.
    keep_newer: bool | None = None


def restore_part(
    settings: Settings, clock: Clock, wish: Wish, *, apply: bool, progress: Progress
) -> PartReport:
    """Compare a part with its past beside the live one; with `apply` give it back.

    Structure that is gone and rows come in one transaction; the rest of the warehouse is in use
    meanwhile.  Raises BackupError when the part is not in the source, when a foreign key would
    break, or when rows that came later would be undone and nobody said what becomes of them.
    """
    refuse_external(settings)
    shelf = shelf_of(settings)
    watch = Watch(progress)
    with (
        only_one(shelf, f"restauration de {wish.part.name}"),
        source_of(
            settings,
            clock,
            to=wish.to,
            backup=wish.backup,
            logical=_is_logical(wish.part),
            watch=watch,
        ) as source,
        tempfile.TemporaryDirectory(prefix="shopnow-part-") as work,
    ):
        report = _Giving(settings, wish, source, watch, Path(work)).run(
            f"restore_{clock.now():%Y%m%d%H%M%S%f}", apply=apply
        )
    if apply:
        forget_differences(settings)
        watch.timed("registres", lambda: replay_ledgers(settings, clock))
        note(shelf, clock.now(), "gave back", wish.part.name, source=report.source)
    return report


def _is_logical(part: Part) -> bool:
    """Say whether a partial backup holds the part's rows."""
    if part.extent is Reach.SELLER:
        return bool(part.only) and all(name.split(".")[0] in SCHEMAS for name in part.only)
    return part.name.split(".")[0] in SCHEMAS and part.extent is not Reach.MART


@dataclass(frozen=True, slots=True)
class _Found:
    """What the source has of a part: tables, objects gone from the live one, newest delivery."""

    tables: Sequence[Table]
    missing: Missing
    newest: int


class _Giving:
    """One restore of a part."""

    def __init__(
        self, settings: Settings, wish: Wish, source: Source, watch: Watch, work: Path
    ) -> None:
        self._settings = settings
        self._wish = wish
        self._source = source
        self._watch = watch
        self._work = work

    def run(self, schema: str, *, apply: bool) -> PartReport:
        with (
            connect(self._source.settings, None, application_name=_APPLICATION) as past,
            connect(self._settings, None, application_name=_APPLICATION) as live,
        ):
            tables = tables_of(past, live, self._wish.part)
            if not tables:
                raise BackupError(
                    f"{self._wish.part.name} n'est pas dans {self._source.label}",
                    "Choisir un moment où cela existait (--to).",
                )
            missing = self._missing(tables)
            beside = Beside(live, schema, self._wish.part)
            (newest,) = past.execute(SQL["newest_delivery"]).fetchone() or (0,)
            beside.make()
            try:
                found = _Found(tables, missing, newest)
                return self._compared(past, live, beside, found, apply=apply)
            finally:
                beside.drop()

    def _missing(self, tables: Sequence[Table]) -> Missing:
        if self._wish.part.extent is Reach.SELLER:
            return Missing((), "", "")
        names = [table.name for table in tables]
        return self._watch.timed(
            "structure",
            lambda: missing_objects(
                self._source.settings,
                self._settings,
                names,
                self._work,
                self._wish.part,
            ),
        )

    def _compared(
        self,
        past: psycopg.Connection,
        live: psycopg.Connection,
        beside: Beside,
        found: _Found,
        *,
        apply: bool,
    ) -> PartReport:
        def copy() -> None:
            for table in found.tables:
                beside.fill(past, table)

        self._watch.timed("copie à côté", copy)
        differences = self._watch.timed(
            "comparaison",
            lambda: tuple(beside.compare(table, found.newest) for table in found.tables),
        )
        report = PartReport(
            self._source.label, found.missing.entries, differences, apply, self._watch.seconds
        )
        if apply and report.any:
            self._refuse_newer(report)
            self._watch.timed("échange", lambda: self._give_back(past, live, beside, found))
        return report

    def _refuse_newer(self, report: PartReport) -> None:
        if report.newer and self._wish.keep_newer is None:
            raise BackupError(
                f"{report.newer} lignes sont venues de livraisons plus récentes que "
                f"{report.source}",
                "Les garder (--keep-newer), ou revenir exactement à ce moment (--exact).",
            )

    def _give_back(
        self, past: psycopg.Connection, live: psycopg.Connection, beside: Beside, found: _Found
    ) -> None:
        keep = bool(self._wish.keep_newer)
        try:
            with live.transaction():
                live.execute(SQL["lock_patience"])
                live.execute(SQL["loads_wait"])
                live.execute(SQL["rules_off"])
                _run_script(live, found.missing.before_rows)
                for table in found.tables:
                    beside.give_back(table, found.newest, keep_newer=keep)
                _run_script(live, found.missing.after_rows)
                _run_script(live, found.missing.joining)
                _catch_up(past, live, found.tables)
                _refuse_orphans(live, [table.name for table in found.tables])
        except psycopg.errors.LockNotAvailable as error:
            raise BackupBusyError(
                "un chargement est en cours : rien n'a été changé",
                "Attendre qu'il finisse (`shopnow status`), puis relancer.",
            ) from error


def _run_script(live: psycopg.Connection, script: str) -> None:
    if script.strip():
        live.execute(script.encode())
        live.execute(SQL["path_reset"])
        live.execute(SQL["rules_off"])


def _catch_up(past: psycopg.Connection, live: psycopg.Connection, tables: Sequence[Table]) -> None:
    """Let sequences of the part go on after every number given: here, in the past, or since."""
    names = {table.name for table in tables}
    there = {name for name, _, _ in past.execute(SQL["sequences_owned"]).fetchall()}
    for sequence, table, column in live.execute(SQL["sequences_owned"]).fetchall():
        if table not in names:
            continue
        state = SQL.compose("sequence_state", sequence=sql.Identifier(*sequence.split(".")))
        ((now,),) = live.execute(state).fetchall()
        ((marked,),) = live.execute(SQL["sequence_marked"], {"name": table}).fetchall()
        ((then,),) = past.execute(state).fetchall() if sequence in there else ((0,),)
        statement = SQL.compose(
            "sequence_catch_up",
            table=sql.Identifier(*table.split(".")),
            column=sql.Identifier(column),
        )
        live.execute(statement, {"sequence": sequence, "floor": max(now, then, marked)})


def _refuse_orphans(live: psycopg.Connection, names: list[str]) -> None:
    """Check what was not checked row by row; raises BackupError, which undoes all of it."""
    for name, child, parent, columns, keys in live.execute(
        SQL["foreign_keys"], {"names": names}
    ).fetchall():
        pairs = [
            sql.SQL("p.{} = c.{}").format(sql.Identifier(b), sql.Identifier(a))
            for a, b in zip(columns, keys, strict=True)
        ]
        present = [sql.SQL("c.{} IS NOT NULL").format(sql.Identifier(a)) for a in columns]
        statement = SQL.compose(
            "foreign_key_orphans",
            child=sql.Identifier(*child.split(".")),
            parent=sql.Identifier(*parent.split(".")),
            all_set=sql.SQL(" AND ").join(present),
            keys_match=sql.SQL(" AND ").join(pairs),
        )
        row = live.execute(statement).fetchone()
        if row and row[0]:
            raise BackupError(
                f"{row[0]} lignes de {child} n'auraient plus de ligne dans {parent} ({name}) : "
                "rien n'a été changé",
                "Restaurer les deux tables ensemble, ou tout le schéma, au même moment.",
            )
