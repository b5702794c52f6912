"""Units of the parallel suite name files that are there."""

from __future__ import annotations

from pathlib import Path

from tests.sharing import _FIRST, _TOGETHER, unit_of

ROOT = Path(__file__).parents[2]


def test_every_unit_that_is_named_is_there() -> None:
    begins = [*_TOGETHER, *(unit for unit in _FIRST if unit not in _TOGETHER.values())]
    assert [begin for begin in begins if not (ROOT / begin).exists()] == []


def test_files_that_share_something_dear_are_one_unit_and_others_are_their_own() -> None:
    assert unit_of("tests/acceptance/test_demo.py::test_a[1::2]") == "demo"
    assert unit_of("tests/backup/test_whole.py::test_b") == unit_of("tests/backup/test_parts.py")
    assert unit_of("tests/unit/test_sharing.py::test_c") == "tests/unit/test_sharing.py"
