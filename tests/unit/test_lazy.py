"""What a room exports is imported when it is used, and a command starts without the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import imported_when_used

if TYPE_CHECKING:
    from types import ModuleType

SOURCES = Path(__file__).parents[2] / "src"
ROOMS = sorted(
    ".".join(path.parent.relative_to(SOURCES).parts)
    for path in SOURCES.rglob("__init__.py")
    if "with imported_when_used(" in path.read_text(encoding="utf-8")
)
# What only some commands need and takes long to import.
HEAVY = ("fastexcel", "fsspec", "httpx", "jinja2", "paramiko", "pydantic", "rich")


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A room of two files: one is used, the other cannot even be imported."""
    folder = tmp_path / "sample_room"
    folder.mkdir()
    (folder / "used.py").write_text("ONE = object()\nTWO = object()\n")
    (folder / "broken.py").write_text("raise RuntimeError('imported')\n")
    (folder / "__init__.py").write_text(
        "from shopnow.kernel import imported_when_used\n"
        "with imported_when_used(__name__):\n"
        "    from sample_room.used import ONE, TWO as SECOND\n"
        "    from sample_room.broken import NEVER\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("sample_room", "sample_room.used", "sample_room.broken"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return import_module("sample_room")


def test_a_file_is_imported_when_a_name_of_it_is_used(room: ModuleType) -> None:
    assert "sample_room.used" not in sys.modules
    found = room.SECOND
    assert found is sys.modules["sample_room.used"].TWO
    assert "ONE" not in vars(room)
    assert "sample_room.broken" not in sys.modules
    with pytest.raises(RuntimeError, match="imported"):
        _ = room.NEVER


def test_a_name_nobody_exports_is_an_attribute_error(room: ModuleType) -> None:
    with pytest.raises(AttributeError, match="'sample_room' has no attribute 'OTHER'"):
        _ = room.OTHER
    with pytest.raises(ImportError):
        exec("from sample_room import OTHER")  # noqa: S102


def test_what_another_module_imports_meanwhile_is_imported_at_once(room: ModuleType) -> None:
    with imported_when_used(room.__name__):
        from shopnow.kernel import Home  # noqa: PLC0415
    assert isinstance(Home, type)


@pytest.mark.parametrize("name", ROOMS)
def test_every_export_of_a_room_is_there(name: str) -> None:
    room = import_module(name)
    exports = room.__all__
    assert exports
    for export in exports:
        getattr(room, export)
    # Importing a file of the same name would put the file in the place of the export.
    folder = Path(str(room.__file__)).parent
    assert not {path.stem for path in folder.iterdir()} & set(exports)


@pytest.mark.parametrize("entry", ["shopnow.cli.ingest", "shopnow.pipeline:receive"])
def test_taking_a_delivery_in_starts_without_what_other_commands_need(entry: str) -> None:
    module, _, name = entry.partition(":")
    code = (
        "import json, sys; from importlib import import_module\n"
        f"getattr(import_module({module!r}), {name or '__name__'!r})\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(json.loads(done.stdout))
