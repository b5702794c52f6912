"""Fixtures of all tests: one PostgreSQL a process, one fresh database for each test.

The server keeps its data in a temporary home, without fsync and without archive.  The schema
is migrated once into a template; a test gets a copy of it in about 50 ms.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings as examples
from tests import marketplace
from tests.sharing import SharingScheduler
from tests.warehouses import new_warehouse, own_warehouse

from shopnow.kernel import Settings
from shopnow.kernel.server import Server, drop_database, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xdist.remote import Producer

_NUMBERS = itertools.count(1)
_GZIP = b"\x1f\x8b"
# An example may take its time: how long one takes says how busy the machine is, not what is true.
examples.register_profile("shopnow", deadline=None)
examples.load_profile("shopnow")


def pytest_make_parametrize_id(val: object) -> None:
    """Refuse a parameter that tells when it was made: no two processes would name the test alike.

    The name itself is left to pytest.
    """
    if isinstance(val, bytes) and val.startswith(_GZIP) and any(val[4:8]):
        raise pytest.UsageError("a parameter holds the time of its compression: give it mtime=0")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharingScheduler:
    """Say which process runs which tests, when there are several."""
    return SharingScheduler(config, log)


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
    with own_warehouse(test_server, tmp_path / "home") as settings:
        yield settings


def _bazar(test_server: Settings, folder: Path, original: Settings | None, day: str) -> Settings:
    """Make the tiny marketplace after one more day, in a database and a home of its own."""
    if original is None:
        settings = new_warehouse(test_server, folder, "bazar")
        marketplace.prepare(settings)
    else:
        settings = marketplace.copy_of(original, folder)
    marketplace.load(settings, getattr(marketplace, day)(), folder / "outbox")
    return settings


@pytest.fixture(scope="session")
def bazar_one(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give the tiny marketplace after its first day: copy it, never load into it."""
    folder = tmp_path_factory.mktemp("bazar") / "one"
    return _bazar(test_server, folder, None, "day_one")


@pytest.fixture(scope="session")
def bazar_two(
    test_server: Settings, bazar_one: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """Give the tiny marketplace after its second day: copy it, never load into it."""
    folder = tmp_path_factory.mktemp("bazar") / "two"
    return _bazar(test_server, folder, bazar_one, "day_two")


@pytest.fixture
def first_day(bazar_one: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Give an own copy of the tiny marketplace after its first day."""
    yield from _own_copy(bazar_one, tmp_path)


@pytest.fixture
def second_day(bazar_two: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Give an own copy of the tiny marketplace after its second day."""
    yield from _own_copy(bazar_two, tmp_path)


def _own_copy(original: Settings, tmp_path: Path) -> Iterator[Settings]:
    copy = marketplace.copy_of(original, tmp_path / "home")
    yield copy
    drop_database(original, copy.database)
