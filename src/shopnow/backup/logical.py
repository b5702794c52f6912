"""The partial backup: what the warehouse knows, as a logical dump that gives back one table.

Structure of everything; content of history, dimensions, facts, verdicts, accesses, vault,
tickets, deliveries, and of the journal's last thirty days, all of one snapshot.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from psycopg import IsolationLevel, sql

from shopnow.backup.errors import full_disk_told
from shopnow.backup.files import MIB, need_space
from shopnow.backup.store import SQL, extents
from shopnow.backup.tools import BACKUP_ROLE, Programs
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    import psycopg

    from shopnow.kernel import Clock, Settings

DUMP: Final = "warehouse.dump"
JOURNAL: Final = "journal"
EXTENTS: Final = "extents.json"
# Content kept whole; of every other schema the structure alone.
SCHEMAS: Final = ("dwh", "history", "quality", "security", "privacy", "desk")
JOURNAL_DAYS: Final = 30
_SMALLEST: Final = 64 * MIB


@dataclass(frozen=True, slots=True)
class JournalPart:
    """The rows of one journal table that were kept: by which column, and which columns."""

    table: str
    columns: tuple[str, ...]


def back_up(
    settings: Settings, clock: Clock, folder: Path, progress: Callable[[str], None]
) -> dict[str, Any]:
    """Write the dump, the recent journal and what each table held into `folder`.

    Raises DiskFullError, or BackupError with what pg_dump says.
    """
    role = BACKUP_ROLE if settings.embedded else None
    with connect(settings, role, autocommit=False, application_name="shopnow backup") as conn:
        conn.isolation_level = IsolationLevel.REPEATABLE_READ
        with conn.transaction(), full_disk_told("la sauvegarde partielle"):
            size, snapshot = conn.execute(SQL["snapshot_export"]).fetchone() or (0, "")
            need_space(folder, max(_SMALLEST, size // 2), "la sauvegarde partielle")
            parts = _write_journal(conn, folder, clock.now() - timedelta(days=JOURNAL_DAYS))
            progress("contenu des tables")
            _dump(settings, conn, folder, snapshot, role)
            held = extents(conn)
            kept = {name: [e.rows, e.checksum] for name, e in held.items() if _kept(name)}
            (folder / EXTENTS).write_text(json.dumps(kept), encoding="utf-8")
    return {"journal_days": JOURNAL_DAYS, "journal": {part.table: part.columns for part in parts}}


def _dump(
    settings: Settings, conn: psycopg.Connection, folder: Path, snapshot: str, role: str | None
) -> None:
    """Dump in the snapshot of `conn`, which stays open meanwhile."""
    without = [name for (name,) in conn.execute(SQL["tables_with_content"]) if not _kept(name)]
    Programs(settings, gently=True).run(
        "pg_dump",
        "--format=custom",
        "--compress=gzip:1",
        "--no-password",
        f"--snapshot={snapshot}",
        f"--file={folder / DUMP}",
        *(f"--exclude-table-data-and-children={name}" for name in without),
        writing="la sauvegarde partielle",
        connects=True,
        role=role,
    )


def _kept(name: str) -> bool:
    schema, _, table = name.partition(".")
    return schema in SCHEMAS or (schema == "staging" and table.startswith("delivery"))


def _write_journal(
    conn: psycopg.Connection, folder: Path, since: datetime
) -> tuple[JournalPart, ...]:
    """Keep the recent rows of each journal table that dates its rows; others whole."""
    (folder / JOURNAL).mkdir(mode=0o700)
    parts = []
    for table, dated, columns in conn.execute(SQL["journal_tables"]).fetchall():
        statement = SQL.compose(
            "journal_recent" if dated else "journal_whole",
            table=sql.Identifier("journal", table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            dated=sql.Identifier(dated or ""),
            since=sql.Literal(since),
        )
        with (
            gzip.open(folder / JOURNAL / f"{table}.copy.gz", "wb", compresslevel=1) as target,
            conn.cursor().copy(statement) as copy,
        ):
            for piece in copy:
                target.write(piece)
        parts.append(JournalPart(table, tuple(columns)))
    return tuple(parts)
