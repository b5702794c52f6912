"""The home of the demo: emptied when it is marked, left alone in every other case."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shopnow.demo import files_folder, set_stage
from shopnow.kernel import Settings, UsageError
from shopnow.kernel.server import Server, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.integration


@pytest.fixture
def settings() -> Iterator[Settings]:
    """Give settings of a home that is not there yet, reachable by the account of the server."""
    folder = Path(tempfile.mkdtemp(prefix="shopnow-stage-"))
    folder.chmod(0o711)
    settings = replace(Settings(), home=folder / "home", server_sync=False, server_archive=False)
    yield settings
    Server(settings).stop(immediate=True)
    shutil.rmtree(folder)


def test_a_second_demo_begins_from_nothing_and_spares_what_is_not_its_own(
    settings: Settings,
) -> None:
    set_stage(settings)
    open_warehouse(settings)
    files_folder(settings).mkdir()
    (settings.home / "notes.txt").write_text("mine", encoding="utf-8")
    set_stage(settings)
    assert Server(settings).status().state == "absent"
    assert not files_folder(settings).exists()
    assert (settings.home / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_warehouse_that_is_no_demo_is_never_removed(settings: Settings) -> None:
    open_warehouse(settings)
    with pytest.raises(UsageError, match="not a demo") as caught:
        set_stage(settings)
    assert "--home" in caught.value.hint
    assert Server(settings).status().running


def test_a_folder_with_other_things_is_left_alone(settings: Settings) -> None:
    settings.home.mkdir()
    (settings.home / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(UsageError):
        set_stage(settings)
    assert [path.name for path in settings.home.iterdir()] == ["thesis.txt"]


def test_a_server_of_somebody_else_is_no_stage(settings: Settings) -> None:
    with pytest.raises(UsageError, match="SHOPNOW_DSN"):
        set_stage(replace(settings, dsn="host=localhost"))
    assert not settings.home.exists()
