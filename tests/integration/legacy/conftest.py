"""One former warehouse, imported once for a module of tests that only read it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.former_warehouse import SNAPSHOT, Former, former_warehouse, write_csv
from tests.warehouses import new_warehouse

from shopnow.kernel import FixedClock, Settings
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Conductor, Context, LegacyImport, import_legacy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2025, 6, 2, 12, tzinfo=UTC)
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Imported:
    """A warehouse after the import, what was imported, and what the import said."""

    settings: Settings
    former: Former
    folder: Path
    told: LegacyImport


def fresh_warehouse(test_server: Settings, home: Path) -> Settings:
    """Make a warehouse of its own, with an own key store; drop its database afterwards."""
    return new_warehouse(test_server, home, "former")


def take_in(
    settings: Settings,
    where: str | Path,
    *,
    at: datetime = NOW,
    snapshot_at: datetime | None = SNAPSHOT,
    schema: str | None = None,
) -> LegacyImport:
    """Import and run; nothing may be refused or fail."""
    with Context.open(settings, FixedClock(at)) as context:
        told = import_legacy(context, str(where), snapshot_at=snapshot_at, schema=schema)
        report = Conductor(context).run()
    assert not report.refused, report.refused
    assert not report.failed, report.failed
    return told


@pytest.fixture(scope="session")
def former() -> Former:
    """Give the former warehouse."""
    return former_warehouse()


@pytest.fixture(scope="session")
def small() -> Former:
    """Give a small one, for tests that import it more than once."""
    return former_warehouse(customers=60, orders=120, visits=100)


@pytest.fixture(scope="session")
def imported(
    test_server: Settings, former: Former, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Imported]:
    """Give a warehouse that has taken it in from text files: read it, never load into it."""
    folder = tmp_path_factory.mktemp("former")
    settings = fresh_warehouse(test_server, folder / "home")
    told = take_in(settings, write_csv(former, folder / "export"))
    yield Imported(settings, former, folder / "export", told)
    drop_database(test_server, settings.database)


@pytest.fixture
def another(test_server: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Give an empty warehouse of its own."""
    settings = fresh_warehouse(test_server, tmp_path / "home")
    yield settings
    drop_database(test_server, settings.database)
