"""Migrations on a real database: whole or not at all, once, and never changed afterwards."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import FixedClock, Settings, TerminalError, connect, data_dir, migrate
from shopnow.kernel.server import create_database, drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.integration

FIRST = "0001_kernel_schemas.sql"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def bare(test_server: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Give an empty database and a folder that holds only the first migration."""
    shutil.copy(data_dir("db/migrations") / FIRST, tmp_path)
    settings = create_database(test_server, "test_migrations")
    yield replace(settings, migrations_dir=tmp_path)
    drop_database(test_server, "test_migrations")


def add(settings: Settings, name: str, text: str) -> Path:
    path = settings.migrations_dir / name
    path.write_text(text)
    return path


def applied(settings: Settings) -> list[tuple[object, ...]]:
    with connect(settings, "shopnow_owner") as connection:
        return connection.execute("SELECT number, applied_at FROM journal.migration").fetchall()


def test_each_file_is_applied_once_and_dated_by_the_clock(bare: Settings) -> None:
    assert migrate(bare, FixedClock(NOON)) == (FIRST,)
    assert migrate(bare, FixedClock(NOON)) == ()
    assert applied(bare) == [(1, NOON)]


def test_an_applied_file_that_has_changed_is_refused(bare: Settings) -> None:
    migrate(bare)
    path = bare.migrations_dir / FIRST
    path.write_text(path.read_text() + "-- one more comment\n")
    with pytest.raises(TerminalError, match="has changed"):
        migrate(bare)


def test_an_applied_file_that_is_gone_is_refused(bare: Settings) -> None:
    path = add(bare, "0002_dwh_thing.sql", "CREATE TABLE dwh.thing (n integer);")
    migrate(bare)
    path.unlink()
    with pytest.raises(TerminalError, match="does not know"):
        migrate(bare)


def test_a_file_numbered_below_an_applied_one_is_refused(bare: Settings) -> None:
    add(bare, "0005_dwh_thing.sql", "CREATE TABLE dwh.thing (n integer);")
    migrate(bare)
    add(bare, "0003_dwh_late.sql", "CREATE TABLE dwh.late (n integer);")
    with pytest.raises(TerminalError, match="0003_dwh_late"):
        migrate(bare)


def test_a_failing_file_leaves_no_trace_and_those_before_it_stay(bare: Settings) -> None:
    add(bare, "0002_dwh_good.sql", "CREATE TABLE dwh.good (n integer);")
    add(bare, "0003_dwh_bad.sql", "CREATE TABLE dwh.half (n integer);\nSELECT 1 / 0;")
    with pytest.raises(TerminalError, match="0003_dwh_bad"):
        migrate(bare)
    assert [number for number, _ in applied(bare)] == [1, 2]
    with connect(bare, "shopnow_owner") as connection:
        row = connection.execute("SELECT to_regclass('dwh.good'), to_regclass('dwh.half')")
        assert row.fetchone() == ("dwh.good", None)


def test_percent_signs_and_function_bodies_pass_as_they_are(bare: Settings) -> None:
    body = "DO $$\nBEGIN\n    RAISE NOTICE '100 %', 1;\nEND\n$$;\nSELECT 7 % 2;"
    add(bare, "0002_dwh_odd.sql", body)
    assert "0002_dwh_odd.sql" in migrate(bare)


def test_two_at_once_apply_each_file_once(bare: Settings) -> None:
    migrate(bare)
    add(bare, "0002_dwh_slow.sql", "CREATE TABLE dwh.slow (n integer);\nSELECT pg_sleep(0.2);")
    with ThreadPoolExecutor(2) as pool:
        results = [task.result() for task in [pool.submit(migrate, bare) for _ in range(2)]]
    assert sorted(results) == [(), ("0002_dwh_slow.sql",)]


def test_every_schema_and_its_comment_are_there(warehouse: Settings) -> None:
    with connect(warehouse, "shopnow_owner") as connection:
        rows = connection.execute(
            "SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace"
            " WHERE pg_get_userbyid(nspowner) = 'shopnow_owner'"
        ).fetchall()
    wanted = "staging history quality dwh mart seller legacy privacy journal security desk jobs"
    assert {name for name, about in rows if about} >= set(wanted.split())
