"""The walls of the house: every room has its contract, so that no file is entered sideways."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_room_is_closed_by_a_contract() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    closed = {
        module.split(".")[1]
        for contract in config["tool"]["importlinter"]["contracts"]
        for module in contract.get("protected_modules", ())
    }
    rooms = {
        path.parent.name
        for path in (ROOT / "src" / "shopnow").glob("*/__init__.py")
        if any(other.name != "__init__.py" for other in path.parent.glob("*.py"))
    }
    assert rooms <= closed


def test_the_lock_names_no_host_and_no_path() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert not [line for line in lock.splitlines() if line.startswith(("-", "/", "."))]
