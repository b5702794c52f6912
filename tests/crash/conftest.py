"""A marketplace whose second day waits to be loaded, and how that load is held and killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.warehouse_state import portable

from shopnow.kernel import connect
from shopnow.kernel.server import drop_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.warehouse_state import Row

    from shopnow.kernel import Settings

_PATIENCE_SECONDS = 60
SHOPNOW = Path(sys.executable).with_name("shopnow")


@pytest.fixture(scope="session")
def two_days(bazar_one: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give the marketplace after day one, with day two received: copy it, never load into it."""
    folder = tmp_path_factory.mktemp("crash")
    settings = marketplace.copy_of(bazar_one, folder / "home")
    marketplace.deliver(settings, marketplace.day_two(), folder)
    return settings


@pytest.fixture(scope="session")
def undisturbed(
    two_days: Settings, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Row]]:
    """Give what the second day leads to when nothing is killed."""
    settings = marketplace.copy_of(two_days, tmp_path_factory.mktemp("undisturbed") / "home")
    marketplace.run(settings)
    state = portable(settings)
    drop_database(two_days, settings.database)
    return state


@pytest.fixture
def waiting(two_days: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Give an own copy of the marketplace whose second day waits."""
    settings = marketplace.copy_of(two_days, tmp_path / "home")
    yield settings
    drop_database(two_days, settings.database)


@contextmanager
def command(settings: Settings, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run `shopnow …` in a session of its own; whatever is left of it is killed at the end."""
    environment = os.environ | {
        "SHOPNOW_HOME": str(settings.home),
        "SHOPNOW_DATABASE": settings.database,
        "SHOPNOW_SERVER_SYNC": "no",
        "SHOPNOW_SERVER_ARCHIVE": "no",
        "SHOPNOW_COPIED_APART_BYTES": str(settings.copied_apart_bytes),
    }
    process = subprocess.Popen(
        [SHOPNOW, *words],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            kill_group(process)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def kill_group(process: subprocess.Popen[str]) -> None:
    """SIGKILL to the process and all its children, as an impatient operator does."""
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait(_PATIENCE_SECONDS) == -signal.SIGKILL


def wait_until(true: Callable[[], bool], process: subprocess.Popen[str], what: str) -> None:
    """Wait for something to come true while the process lives."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while not true():
        if process.poll() is not None:
            said = process.stderr.read() if process.stderr else ""
            pytest.fail(f"the run ended with {process.returncode} before: {what}\n{said}")
        if time.monotonic() > end:
            pytest.fail(f"waited {_PATIENCE_SECONDS} s for: {what}")
        time.sleep(0.05)


def waiters(settings: Settings) -> int:
    """How many sessions of this database wait for a lock."""
    with connect(settings, None) as conn:
        row = conn.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
    return int(row[0]) if row else 0


def step_under_way(settings: Settings) -> int | None:
    """The step that was started last and has not ended; None when there is none."""
    with connect(settings) as conn:
        row = conn.execute(
            "SELECT step FROM journal.step WHERE status = 'START' ORDER BY step_no DESC LIMIT 1"
        ).fetchone()
    return int(row[0]) if row else None
