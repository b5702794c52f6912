"""Every case of scd.md has its test, by its number in the name; the others are named here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
_NAMED = re.compile(r"def test_(\w+)\(")
_CASE = re.compile(r"(?:^|_)s(\d\d)(?=_|$)")
# Cases whose test has another name: the file and the test that hold them.
ELSEWHERE = {
    "S18": ("crash/test_kill_at_each_step.py", "test_killed_at_a_step_and_run_again"),
    "S19": ("history/test_concurrency.py", "test_loaders_of_one_product_at_once_leave_one_history"),
    "S23": (
        "history/test_concurrency.py",
        "test_fifty_early_facts_at_once_make_one_inferred_member",
    ),
    "S80": ("properties/test_any_order.py", "test_every_order_ends_in_the_rows_of_the_model"),
}  # fmt: skip


def names() -> set[str]:
    """Names of all tests."""
    return {
        name
        for path in TESTS.rglob("test_*.py")
        for name in _NAMED.findall(path.read_text("utf-8"))
    }


def test_every_case_has_a_test_of_its_name() -> None:
    named = {f"S{number}" for name in names() for number in _CASE.findall(name)}
    every = {f"S{number:02d}" for number in range(1, 83)}
    assert every - named - ELSEWHERE.keys() == set()


@pytest.mark.parametrize("case", sorted(ELSEWHERE))
def test_the_cases_that_stand_elsewhere_stand_there(case: str) -> None:
    file, name = ELSEWHERE[case]
    assert f"def {name}(" in (TESTS / file).read_text("utf-8")
