"""Fixtures of all tests: one PostgreSQL for the session, one fresh database for each test.

The server keeps its data in a temporary home, without fsync and without archive.  The schema
is migrated once into a template; a test gets a copy of it in about 50 ms.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import Settings
from shopnow.kernel.server import Server, create_database, drop_database, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def temporary_home() -> Iterator[Path]:
    """Give a home that the account of the server can reach, also when the tests run as root."""
    # Not tmp_path: pytest closes its folders to other accounts.
    folder = Path(tempfile.mkdtemp(prefix="shopnow-tests-"))
    folder.chmod(0o711)
    yield folder / "home"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def test_server(temporary_home: Path) -> Iterator[Settings]:
    """Give settings of a running server whose database `shopnow` has the whole schema."""
    settings = Settings(home=temporary_home, server_sync=False, server_archive=False)
    try:
        open_warehouse(settings)
        yield settings
    finally:
        Server(settings).stop(immediate=True)


@pytest.fixture
def warehouse(test_server: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Give settings of an own, empty, migrated warehouse: connect() reaches it."""
    name = f"test_{os.getpid()}_{next(_NUMBERS)}"
    copy = create_database(test_server, name, template="shopnow")
    # The home is per test too (key store, landing), but shares the server and its secrets.
    home = tmp_path / "home"
    home.mkdir()
    for shared in ("pg", "secrets"):
        (home / shared).symlink_to(test_server.home / shared)
    yield replace(copy, home=home)
    drop_database(test_server, name)
