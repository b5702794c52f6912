"""A key store and a connection to a warehouse of the test's own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import FixedClock, connect
from shopnow.privacy import KeyStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from shopnow.kernel import Settings


@pytest.fixture
def at() -> datetime:
    """Give the time at which the test takes place."""
    return datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def keystore(warehouse: Settings, at: datetime) -> Iterator[KeyStore]:
    """Give the key store of the test's home."""
    with KeyStore(warehouse.home, FixedClock(at)) as store:
        yield store


@pytest.fixture
def conn(warehouse: Settings) -> Iterator[Connection]:
    """Give a connection of the loader, in autocommit."""
    with connect(warehouse) as connection:
        yield connection
