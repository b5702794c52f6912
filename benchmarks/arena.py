"""The server on which all contenders run, one fresh database each.

One server for all of them is what makes the settings equal: nothing is set for a session but the
time zone.  It stands in a home of its own, made for the bench and removed after it.
"""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.measure import wait_until_quiet
from shopnow.kernel import Settings, Sql, connect, connection_parameters
from shopnow.kernel.server import Server, create_database, drop_database, open_warehouse
from shopnow.pipeline import Context

if TYPE_CHECKING:
    from collections.abc import Iterator

SQL: Final = Sql(__package__ or "")
OWNER: Final = "shopnow_owner"
# What a reader must know to repeat the figures.
SETTINGS: Final = (
    "archive_mode", "autovacuum", "checkpoint_timeout", "data_checksums", "fsync",
    "full_page_writes", "jit", "maintenance_work_mem", "max_wal_size", "server_version",
    "shared_buffers", "summarize_wal", "synchronous_commit", "wal_level", "work_mem",
)  # fmt: skip
_ARCHIVE_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.5
_REMOVALS: Final = 10


@dataclass(frozen=True)
class Arena:
    """A running server and the folder in which its contenders may write."""

    settings: Settings
    folder: Path

    @property
    def pid(self) -> int:
        """Process of the server."""
        pid = Server(self.settings).status().pid
        if pid is None:
            raise RuntimeError("the server of the bench has stopped")
        return pid

    def options(self) -> dict[str, str]:
        """The settings that shape the figures, as the server has them."""
        with connect(self.settings, None) as connection:
            rows = connection.execute(SQL["server_settings"], {"names": [*SETTINGS]})
            return {str(name): str(value) for name, value in rows}

    def settle(self, patience_seconds: float) -> None:
        """Begin a run with nothing left to do for the run before, and others quiet if possible.

        What autovacuum would do of it at some time in the run is done before.
        """
        with connect(self.settings, None) as connection:
            names = [str(name) for (name,) in connection.execute(SQL["databases"])]
        for name in names:
            with connect(self.settings.with_database(name), None) as connection:
                connection.execute("VACUUM (ANALYZE)")
        with connect(self.settings, None) as connection:
            connection.execute("CHECKPOINT")
            end = time.monotonic() + _ARCHIVE_SECONDS
            while time.monotonic() < end:
                row = connection.execute(SQL["archive_waiting"]).fetchone()
                if row is None or not row[0]:
                    break
                time.sleep(_POLL_SECONDS)
        os.sync()
        wait_until_quiet(self.pid, patience_seconds)

    def wal_bytes(self) -> int:
        """Bytes of WAL written since the server was made."""
        return self._number(self.settings, "wal_position")

    def database_bytes(self, settings: Settings) -> int:
        """Size of a contender's database."""
        return self._number(settings, "database_size")

    def _number(self, settings: Settings, name: str) -> int:
        with connect(settings, None) as connection:
            row = connection.execute(SQL[name]).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def arena(folder: Path, *, durable: bool) -> Iterator[Arena]:
    """Give a running server in a new folder under `folder`; both go away afterwards.

    `durable` False is for tests: no fsync, no archive, figures that mean nothing.
    """
    # One of its own: two benches may run at a time, though neither's figures mean much then.
    folder = folder / f"arena-{os.getpid()}"
    folder.mkdir(parents=True)
    folder.chmod(0o711)
    settings = Settings(
        home=folder / "home",
        sources_dir=Path(__file__).with_name("sources"),
        server_sync=durable,
        server_archive=durable,
    )
    try:
        open_warehouse(settings)
        yield Arena(settings, folder)
    finally:
        _remove(settings, folder)


@contextmanager
def empty_database(place: Arena, name: str) -> Iterator[dict[str, str]]:
    """Give the PG* variables of a new, empty database, for its owner."""
    settings = create_database(place.settings, name, template="template0")
    where = connection_parameters(settings, OWNER)
    keys = {"host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER",
            "passfile": "PGPASSFILE"}  # fmt: skip
    try:
        yield {keys[key]: value for key, value in where.items() if key in keys}
    finally:
        drop_database(place.settings, name)


@contextmanager
def empty_warehouse(place: Arena, name: str) -> Iterator[Settings]:
    """Give the settings of a new, empty warehouse: its own database, key store and landing."""
    copy = create_database(place.settings, name, template="shopnow")
    home = place.folder / name
    home.mkdir()
    for shared in ("pg", "secrets"):
        (home / shared).symlink_to(place.settings.home / shared)
    settings = replace(copy, home=home)
    try:
        # The contracts are checked by whatever sets a warehouse up, not by its first delivery.
        Context.open(settings).close()
        yield settings
    finally:
        drop_database(place.settings, name)
        shutil.rmtree(home, ignore_errors=True)


def _remove(settings: Settings, folder: Path) -> None:
    server = Server(settings)
    data = server.status().data
    server.stop(immediate=True)
    # The data stand elsewhere when the server's account cannot enter the home.
    leftover = [folder, *([data.parent] if data is not None else [])]
    for _ in range(_REMOVALS):
        for path in leftover:
            shutil.rmtree(path, ignore_errors=True)
        if not any(path.exists() for path in leftover):
            return
        # The collector of the log outlives the server by a moment, and writes.
        time.sleep(_POLL_SECONDS)
