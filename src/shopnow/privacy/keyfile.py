"""The SQLite file of the key store: opening, flushing, one writer at a time.

A commit returns only when the bytes and the folder are flushed (rollback journal,
`synchronous=EXTRA`), and what is deleted is overwritten with zeros (`secure_delete`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

from shopnow.kernel import Sql
from shopnow.privacy.errors import KeyStoreError, KeyStoreUnavailableError
from shopnow.privacy.files import make_private_folder, sync_folder, write_private_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_SQL: Final = Sql(__package__)
_LAYOUT: Final = 1
_WAIT_SECONDS: Final = 60.0
_PRAGMAS: Final = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)

Row = tuple[Any, ...]
Values = Mapping[str, str | bytes | float]


class KeyFile:
    """Statements of `sql/key_*.sql` over one file; safe between threads and processes."""

    def __init__(self, path: Path) -> None:
        """Open the file, readable by its owner alone, and give it its tables once."""
        self._lock = RLock()
        if not path.exists():
            make_private_folder(path.parent)
            write_private_once(path, b"")
            sync_folder(path.parent)
        # Transactions are ours (isolation_level None): the driver opens none behind our back.
        self._database = sqlite3.connect(
            path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            with _explained():
                self._prepare()
        except BaseException:
            self._database.close()
            raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def rows(self, statement: str, values: Values | None = None) -> list[Row]:
        """Return the rows of a statement."""
        with self._lock, _explained():
            return self._database.execute(_SQL[statement], values or {}).fetchall()

    def write(self, statement: str, rows: Iterable[Values]) -> int:
        """Run a statement for each row, inside `writing`; return how many rows it touched."""
        return self._database.executemany(_SQL[statement], rows).rowcount

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the only write transaction of this file; flushed when the block is left."""
        with self._lock, _explained():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                self._database.execute("ROLLBACK")
                raise

    def rotations(self) -> int:
        """Return how often the master key was turned; part of the file, so of its transactions."""
        with self._lock, _explained():
            (count,) = self._database.execute("PRAGMA application_id").fetchone()
        return int(count)

    def count_rotation(self) -> int:
        """Count one more rotation, inside `writing`, and return the count."""
        count = self.rotations() + 1
        # A pragma takes no parameter; what stands there is a number.
        self._database.execute(f"PRAGMA application_id = {count:d}")
        return count

    def _prepare(self) -> None:
        for pragma in _PRAGMAS:
            self._database.execute(pragma)
        self._database.execute(_SQL["key_wanted_create"])
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version == _LAYOUT:
            return
        if version:
            message = f"the key store has layout {version}, this release knows {_LAYOUT}"
            raise KeyStoreError(message, "Run the release that wrote it, or a newer one.")
        with self.writing():
            # Another process may have made them since we looked, before the lock was ours.
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            if version == _LAYOUT:
                return
            for table in ("named", "subject", "delivery"):
                self._database.execute(_SQL[f"key_{table}_create"])
            self._database.execute("PRAGMA user_version = 1")


@contextmanager
def _explained() -> Iterator[None]:
    """Turn errors of the driver into ours; those texts name no value, only tables."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.OperationalError as error:
        message = f"the key store cannot be used now: {error}"
        hint = "Check that the disk is not full and that no other process holds the store."
        raise KeyStoreUnavailableError(message, hint) from error
    except sqlite3.DatabaseError as error:
        message = f"the key store cannot be read: {error}"
        raise KeyStoreError(message, "Put keys/keystore.sqlite back from its backup.") from error
