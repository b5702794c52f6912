"""The real data of acceptance tests, where they are at hand: they are no part of the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_VARIABLE = "TEST_DATA"
_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(name: str) -> Path:
    """The folder or file `name` of the test data; the test is skipped where there is none.

    Looked for in the folder that TEST_DATA names, else in `../shared/data` beside the
    checkout.
    """
    root = Path(os.environ[_VARIABLE]) if os.environ.get(_VARIABLE) else _BESIDE
    found = root / name
    if not found.exists():
        pytest.skip(f"no test data {name!r} in {root}; name their folder in {_VARIABLE}")
    return found
