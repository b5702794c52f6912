"""The world of the attackers, made once for the whole suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.security.leaks.world import World, drop_world, make_world

from shopnow.kernel.server import drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.kernel import Settings


@pytest.fixture(scope="session")
def world(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give a warehouse with rows of two sellers in every table; nothing that is done may stay."""
    made = make_world(test_server, tmp_path_factory.mktemp("leaks") / "home")
    yield made
    drop_world(made)
    drop_database(test_server, made.settings.database)
