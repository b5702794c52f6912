"""Migrations: plain SQL files, forward only, one transaction each, in number order.

The digest of each applied file is kept and compared, so that the schema of a warehouse is
always the one that its files describe (docs/decisions/0002-migrations-runner.md).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, LiteralString

import psycopg

from shopnow.kernel.clock import Clock, SystemClock
from shopnow.kernel.connection import connect
from shopnow.kernel.errors import TerminalError, TransientError, from_database
from shopnow.kernel.sqltext import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from psycopg.rows import TupleRow

    from shopnow.kernel.settings import Settings

SQL = Sql(__package__ or "")
OWNER: Final = "shopnow_owner"
_FILE_NAME: Final = re.compile(r"(?P<number>\d{4})_[a-z0-9]+_[a-z0-9_]+\.sql")
_OF_PACKAGE: Final = re.compile(r"-- package (?P<name>\w+)==(?P<version>[\w.]+): (?P<path>[\w./]+)")
_ENDS_TRANSACTION: Final = re.compile(
    r"^\s*(BEGIN|COMMIT|ROLLBACK|START\s+TRANSACTION)\s*;", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True)
class Migration:
    """One file of `db/migrations`."""

    number: int
    name: str
    text: LiteralString

    @property
    def sha256(self) -> str:
        """The hexadecimal digest of the content."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_migrations(folder: Path) -> tuple[Migration, ...]:
    """Return the migrations of a folder in number order.

    Raises TerminalError for a name that is not NNNN_<room>_<what>.sql, a number used twice,
    or a file that would end its own transaction.
    """
    found: dict[int, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = _FILE_NAME.fullmatch(path.name)
        if match is None:
            message = f"the migration {path.name} is not named NNNN_<room>_<what>.sql"
            raise TerminalError(message)
        migration = Migration(int(match["number"]), path.name, path.read_text(encoding="utf-8"))
        if migration.number in found:
            message = f"two migrations have the number {match['number']}"
            raise TerminalError(message, "Give the newer one the next free number.")
        if _ENDS_TRANSACTION.search(migration.text):
            message = f"the migration {path.name} begins or ends a transaction itself"
            raise TerminalError(message, "Leave that out: each file is one transaction.")
        found[migration.number] = migration
    if not found:
        message = f"no migrations in {folder}"
        raise TerminalError(message, "Check the setting migrations_dir.")
    return tuple(found[number] for number in sorted(found))


def pending_migrations(settings: Settings) -> tuple[Migration, ...]:
    """Return the migrations that the database has not had yet.

    Raises TerminalError when an applied one has changed, is gone, or was jumped over.
    """
    with connect(settings, OWNER, application_name="shopnow migrate") as connection:
        return _pending(read_migrations(settings.migrations_dir), _applied(connection))


def migrate(settings: Settings, clock: Clock | None = None) -> tuple[str, ...]:
    """Apply what is pending, as the owner of the schemas; return the names applied.

    A file that fails leaves no trace, those before it stay.  Safe to call twice at once.
    """
    clock = clock or SystemClock()
    files = read_migrations(settings.migrations_dir)
    with connect(settings, OWNER, application_name="shopnow migrate") as connection:
        return tuple(
            migration.name
            for migration in _pending(files, _applied(connection))
            if _apply(connection, migration, files, clock)
        )


def _apply(
    connection: psycopg.Connection[TupleRow],
    migration: Migration,
    files: Sequence[Migration],
    clock: Clock,
) -> bool:
    try:
        with connection.transaction():
            connection.execute(SQL["migration_timeouts"])
            if _table_present(connection):
                connection.execute(SQL["migration_lock"])
            # Somebody else may have applied it while we waited for the lock.
            if migration not in _pending(files, _applied(connection)):
                return False
            # Our own reviewed file, not a string built here; without parameters the driver
            # sends it as it is, so that it may hold several statements.
            connection.execute(with_packages(migration.text))
            values = {
                "number": migration.number,
                "name": migration.name,
                "sha256": migration.sha256,
                "at": clock.now(),
            }
            connection.execute(SQL["migration_record"], values)
    except psycopg.errors.LockNotAvailable as error:
        message = f"the migration {migration.name} waited too long for a table in use"
        raise TransientError(message, "Run `shopnow migrate` when nothing is loading.") from error
    except psycopg.Error as error:
        raise from_database(error, f"migration {migration.name}") from error
    return True


def with_packages(text: LiteralString) -> LiteralString:
    """Return a migration with the files of packages that it names put in their places.

    A line `-- package NAME==VERSION: PATH` stands for the file PATH of an installed package: what
    others wrote is installed, not copied.  Raises TerminalError for another version.
    """
    lines: list[LiteralString] = []
    for line in text.splitlines():
        named = _OF_PACKAGE.fullmatch(line)
        if named is None:
            lines.append(line)
            continue
        found = version(named["name"])
        if found != named["version"]:
            message = f"a migration wants {named['name']} {named['version']}, found {found}"
            raise TerminalError(message, "Install what requirements.lock names.")
        file = resources.files(named["name"]).joinpath(named["path"])
        lines.append(file.read_text(encoding="utf-8"))
    return "\n".join(lines)


def _applied(connection: psycopg.Connection[TupleRow]) -> dict[int, tuple[str, str]]:
    if not _table_present(connection):
        return {}
    rows = connection.execute(SQL["migrations_applied"]).fetchall()
    return {number: (name, sha256) for number, name, sha256 in rows}


def _table_present(connection: psycopg.Connection[TupleRow]) -> bool:
    row = connection.execute(SQL["migration_table"]).fetchone()
    return bool(row and row[0])


def _pending(
    files: Sequence[Migration], applied: dict[int, tuple[str, str]]
) -> tuple[Migration, ...]:
    by_number = {migration.number: migration for migration in files}
    for number, (name, sha256) in applied.items():
        if number not in by_number:
            message = f"the database has had {name}, which this version does not know"
            raise TerminalError(message, "Install the newer version of shopnow again.")
        if by_number[number].sha256 != sha256:
            message = f"the migration {name} has changed since it was applied"
            hint = "Put the file back as it was, and write the change as a new migration."
            raise TerminalError(message, hint)
    pending = tuple(migration for migration in files if migration.number not in applied)
    newest = max(applied, default=-1)
    late = [migration.name for migration in pending if migration.number < newest]
    if late:
        message = f"the migration {late[0]} is numbered below one that is already applied"
        raise TerminalError(message, "Give it the next free number.")
    return pending
