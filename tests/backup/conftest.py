"""A server of their own for the tests of backups: archived, with the tiny marketplace in it.

Other tests share one server without archive; here data folders are destroyed and swapped.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from tests import marketplace
from tests.sftp_drop import PASSWORD, USER, dropping

from shopnow.backup import Kind, run_backup
from shopnow.kernel import Settings, ShopnowError, SystemClock, connect, write_private
from shopnow.kernel.server import Server, open_warehouse, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sftp_drop import SftpDrop

OPTIONS = "backup_copy.json"


def ask(settings: Settings, statement: str, role: str | None = None) -> list[Any]:
    """Run one statement and return its rows, if it has any."""
    with connect(settings, role) as conn:
        cursor = conn.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="session")
def shop() -> Iterator[Settings]:
    """Give a warehouse with two days in it, a full, an incremental and a partial backup."""
    folder = Path(tempfile.mkdtemp(prefix="shopnow-backup-"))
    folder.chmod(0o711)
    settings = Settings(home=folder / "home", server_sync=False)
    open_warehouse(settings)
    place = place_of(settings)
    try:
        marketplace.prepare(settings)
        marketplace.load(settings, marketplace.day_one(), folder / "outbox")
        run_backup(settings, SystemClock(), Kind.FULL)
        marketplace.load(settings, marketplace.day_two(), folder / "outbox")
        ask(settings, "CREATE TABLE dwh.written (n bigint PRIMARY KEY, at timestamptz NOT NULL)")
        for kind in (Kind.INCREMENTAL, Kind.PARTIAL):
            run_backup(settings, SystemClock(), kind)
        yield settings
    finally:
        Server(settings).stop(immediate=True)
        if place and folder not in place.root.parents:
            shutil.rmtree(place.root, ignore_errors=True)
        shutil.rmtree(folder)


@dataclass
class Writer:
    """Writes numbers, each in a transaction of its own, until the server is gone."""

    settings: Settings
    committed: list[tuple[int, float]] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._write)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _write(self) -> None:
        (first,) = ask(self.settings, "SELECT coalesce(max(n), 0) + 1 FROM dwh.written")[0]
        number = int(first)
        try:
            with connect(self.settings, None) as conn:
                while not self._stop.is_set():
                    conn.execute(
                        "INSERT INTO dwh.written VALUES (%s, clock_timestamp())", (number,)
                    )
                    self.committed.append((number, time.monotonic()))
                    number += 1
                    self._stop.wait(0.003)
        except (psycopg.Error, ShopnowError):
            return


@pytest.fixture
def writer(shop: Settings) -> Iterator[Writer]:
    """Give a writer that is stopped in the end."""
    made = Writer(shop)
    yield made
    made.stop()


@pytest.fixture
def drop(tmp_path: Path) -> Iterator[SftpDrop]:
    """Give an SFTP server over an empty folder."""
    (tmp_path / "drop").mkdir()
    with dropping(tmp_path / "drop") as one:
        yield one


def url_of(drop: SftpDrop) -> str:
    """Return the address of a second copy on an SFTP server."""
    return f"sftp://127.0.0.1:{drop.port}/copie"


def declare(settings: Settings, host_key: str) -> None:
    """Tell a home how its second copy is reached."""
    content = {"username": USER, "password": PASSWORD, "host_key": host_key}
    write_private(settings.home / "secrets" / OPTIONS, json.dumps(content))


@pytest.fixture
def undeclared(shop: Settings) -> Iterator[None]:
    """Take away in the end what the store was told."""
    yield
    (shop.home / "secrets" / OPTIONS).unlink(missing_ok=True)
