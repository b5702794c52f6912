"""A warehouse shared by the tests of a file, and the desk on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.warehouses import own_warehouse

from shopnow.desk import Desk
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from shopnow.kernel import Settings


@pytest.fixture(scope="module")
def shared(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Give a migrated warehouse to all tests of a file."""
    with own_warehouse(test_server, tmp_path_factory.mktemp("desk"), "desk") as settings:
        yield settings


@pytest.fixture
def conn(shared: Settings) -> Iterator[psycopg.Connection]:
    """Give a connection as the loader."""
    with connect(shared) as connection:
        yield connection


@pytest.fixture
def desk(shared: Settings) -> Desk:
    """Give the desk with its declared promises and team."""
    return Desk.of(shared)
