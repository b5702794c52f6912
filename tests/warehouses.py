"""Warehouses for tests: a fresh database of the shared server, and a home of its own beside it."""

from __future__ import annotations

import itertools
import os
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from shopnow.kernel.server import create_database, drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

_NUMBERS = itertools.count(1)
# The migrated, empty database of the session's server.
TEMPLATE = "shopnow"


def new_warehouse(server: Settings, home: Path, name: str = "test") -> Settings:
    """Make an empty, migrated warehouse whose home shares only server and secrets.

    The key store, the landing and the ledgers are its own; drop its database afterwards.
    """
    home.mkdir(parents=True, exist_ok=True)
    for shared in ("pg", "secrets"):
        (home / shared).symlink_to(server.home / shared)
    database = f"{name}_{os.getpid()}_{next(_NUMBERS)}".replace("-", "_")
    return replace(create_database(server, database, template=TEMPLATE), home=home)


@contextmanager
def own_warehouse(server: Settings, home: Path, name: str = "test") -> Iterator[Settings]:
    """Give such a warehouse, and drop its database in the end."""
    settings = new_warehouse(server, home, name)
    try:
        yield settings
    finally:
        drop_database(server, settings.database)
