"""A warehouse shared by the tests of a file, and the desk on it."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shopnow.desk import Desk
from shopnow.kernel import connect
from shopnow.kernel.server import create_database, drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from shopnow.kernel import Settings


@pytest.fixture(scope="module")
def shared(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Give a migrated warehouse to all tests of a file."""
    name = f"desk_{os.getpid()}"
    home = tmp_path_factory.mktemp("desk")
    for folder in ("pg", "secrets"):
        (home / folder).symlink_to(test_server.home / folder)
    yield replace(create_database(test_server, name, template="shopnow"), home=home)
    drop_database(test_server, name)


@pytest.fixture
def conn(shared: Settings) -> Iterator[psycopg.Connection]:
    """Give a connection as the loader."""
    with connect(shared) as connection:
        yield connection


@pytest.fixture
def desk(shared: Settings) -> Desk:
    """Give the desk with its declared promises and team."""
    return Desk.of(shared)
