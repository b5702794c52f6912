"""What a backup asks of a warehouse: how much it holds, how it is built, where its log stands."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import IsolationLevel, sql

from shopnow.backup.model import Extent, Mark
from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, connect

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Clock, Settings

SQL: Final = Sql(__package__ or "")
MARK_FILE: Final = "mark.json.gz"
_STRUCTURES: Final = ("relations", "columns", "policies", "grants", "rules", "roles")


def take_mark(settings: Settings, clock: Clock, what: str, *, counted: bool = True) -> Mark:
    """Note what the warehouse holds now, in one snapshot, and the transaction that ends it.

    Without `counted` only the transaction is noted, which is quick.

    Writers wait only until the snapshot is taken and the transaction has ended, which is a moment;
    the tables are counted afterwards, in that snapshot.  When a load is under way already, the
    mark is not `exact`.  Connects as the superuser (or the DSN's own user), who sees every row.
    """
    with connect(settings, None, autocommit=False, application_name="shopnow backup") as counting:
        counting.isolation_level = IsolationLevel.REPEATABLE_READ
        with counting.transaction():
            mark = _placed(settings, clock, what, counting if counted else None)
            if not counted:
                return mark
            counting.execute(SQL["count_gently"])
            return replace(mark, tables=extents(counting), structure=structure_of(counting))


def _placed(
    settings: Settings, clock: Clock, what: str, counting: psycopg.Connection | None
) -> Mark:
    """End a transaction of the journal; `counting` takes its snapshot while writers wait."""
    with (
        connect(settings, None, autocommit=False, application_name="shopnow backup") as conn,
        conn.transaction(),
    ):
        exact = counting is not None and _writers_held(conn)
        if counting:
            counting.execute(SQL["snapshot_taken"])
        at = clock.now()
        event = Event(
            at, "backup", "technique", "INFO", f"repère : {what}", payload={"exact": exact}
        )
        record_event(conn, event)
        xid, lsn, migration = conn.execute(SQL["mark_place"]).fetchone() or ("", "", 0)
    return Mark(at, xid, lsn, exact, {}, (), migration)


def extents(conn: psycopg.Connection) -> dict[str, Extent]:
    """Return what each table of the warehouse holds, in the snapshot of the caller."""
    found = {}
    for name, has_unhashable in conn.execute(SQL["tables_counted"]).fetchall():
        statement = "table_extent_text" if has_unhashable else "table_extent"
        row = conn.execute(SQL.compose(statement, table=_table(name))).fetchone()
        count, checksum = row or (0, "0")
        found[name] = Extent(count, checksum)
    return found


def structure_of(conn: psycopg.Connection) -> tuple[str, ...]:
    """Return the structure of the database and the roles of its cluster, as sorted lines."""
    conn.execute(SQL["structure_path"])
    lines: set[str] = set()
    for part in _STRUCTURES:
        lines.update(line for (line,) in conn.execute(SQL[f"structure_{part}"]) if line)
    return tuple(sorted(lines))


def switch_segment(settings: Settings) -> str:
    """End the WAL segment that is written now and return its name: it is archived next."""
    with connect(settings, None, application_name="shopnow backup") as conn:
        (name,) = conn.execute(SQL["segment_switch"]).fetchone() or ("",)
        return str(name)


def facts_of(settings: Settings) -> dict[str, Any]:
    """Return bytes, version and system identifier of the server."""
    with connect(settings, None, application_name="shopnow backup") as conn:
        row = conn.execute(SQL["server_facts"]).fetchone() or (0, "", "")
    return dict(zip(("database_bytes", "server_version", "system_identifier"), row, strict=True))


def write_mark(folder: Path, mark: Mark) -> None:
    """Keep a mark in the folder of a backup."""
    content = asdict(mark) | {"at": mark.at.isoformat()}
    with gzip.open(folder / MARK_FILE, "wt", encoding="utf-8", compresslevel=6) as stream:
        json.dump(content, stream)


def read_mark(folder: Path) -> Mark | None:
    """Return the mark of a backup, or None when it has none."""
    try:
        with gzip.open(folder / MARK_FILE, "rt", encoding="utf-8") as stream:
            content = json.load(stream)
    except FileNotFoundError:
        return None
    tables = {name: Extent(**extent) for name, extent in content["tables"].items()}
    at = datetime.fromisoformat(content["at"])
    structure = tuple(content["structure"])
    return Mark(**(content | {"at": at, "tables": tables, "structure": structure}))


def _writers_held(conn: psycopg.Connection) -> bool:
    """Hold runs and all other writers; say whether they could be held."""
    conn.execute(SQL["lock_patience"])
    try:
        with conn.transaction():
            conn.execute(SQL["loads_wait"])
            conn.execute(SQL["writers_wait"])
    except psycopg.errors.LockNotAvailable:
        return False
    return True


def _table(name: str) -> sql.Composable:
    return sql.Identifier(*name.split("."))
