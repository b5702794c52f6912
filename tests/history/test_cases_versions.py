"""Cases S01 to S16 and S28 to S33 of scd.md: versions, order, repetition, absence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.history.sample import DELETED, A, B, C, Said, Z, day

if TYPE_CHECKING:
    from tests.history.sample import Case

pytestmark = pytest.mark.integration


def test_s01_first_sight(case: Case) -> None:
    case.says(A, day=1)
    assert case.history() == "A[1,∞)"
    assert case.current()["version"] == 1
    assert case.current()["is_current"]


def test_s02_the_same_again_later(case: Case) -> None:
    case.says(A, day=1)
    before = case.rows()
    case.says(A, day=1)
    assert case.rows() == before
    assert (case.outcome.accepted, case.outcome.duplicate) == (0, 1)
    case.says(A, day=2)
    assert case.rows() == before
    assert case.outcome.accepted == 1
    assert case.superseded() == []


def test_s03_a_change(case: Case) -> None:
    case.says(A, day=1)
    case.says(B, day=3)
    assert case.history() == "A[1,3) B[3,∞)"
    assert len(set(case.surrogates())) == 2


def test_s04_three_states_in_one_batch(case: Case) -> None:
    case.delivers(Said(C, 3), Said(A, 1), Said(B, 2))
    assert case.history() == "A[1,2) B[2,3) C[3,∞)"


def test_s05_a_return_in_one_batch(case: Case) -> None:
    case.delivers(Said(A, 1), Said(B, 2), Said(A, 3))
    assert case.history() == "A[1,2) B[2,3) A[3,∞)"
    assert len(set(case.surrogates())) == 3


def test_s06_confirmations(case: Case) -> None:
    for at in (1, 2, 5):
        case.says(A, day=at)
    assert case.history() == "A[1,∞)"
    assert case.log() == [
        ("upsert", "1", "applied"), ("confirm", "2", "applied"), ("confirm", "5", "applied"),
    ]  # fmt: skip


def test_s07_late_between_two(case: Case) -> None:
    case.says(A, day=1)
    case.says(C, day=5)
    first, last = case.surrogates()
    case.says(B, day=3)
    assert case.history() == "A[1,3) B[3,5) C[5,∞)"
    kept = case.surrogates()
    assert (kept[0], kept[2]) == (first, last)


def test_s08_late_before_the_first(case: Case) -> None:
    case.says(A, day=5)
    (first,) = case.surrogates()
    case.says(Z, day=2)
    assert case.history() == "Z[2,5) A[5,∞)"
    assert case.surrogates()[1] == first


def test_s09_late_equal_to_its_predecessor(case: Case) -> None:
    case.says(A, day=1)
    case.says(B, day=4)
    before = case.rows()
    case.says(A, day=2)
    assert case.rows() == before


def test_s10_late_equal_to_its_successor(case: Case) -> None:
    case.says(A, day=1)
    case.says(B, day=4)
    before = case.surrogates()
    case.says(B, day=3)
    assert case.history() == "A[1,3) B[3,∞)"
    assert case.surrogates() == before


def test_s62_a_start_that_was_wrong(case: Case) -> None:
    case.says(A, day=1)
    case.says(B, day=4)
    before = case.surrogates()
    case.says(B, day=3)
    assert case.history() == "A[1,3) B[3,∞)"
    assert case.surrogates() == before
    # What was believed is kept: B from day 4 on.
    assert day(4) in {row["valid_from"] for row in case.superseded()}


def test_s11_the_same_twice_at_one_time(case: Case) -> None:
    case.says(A, day=1)
    case.says(A, day=1)
    assert case.history() == "A[1,∞)"
    assert case.outcome.duplicate == 1


@pytest.mark.parametrize("order", [(7, 8), (8, 7)])
def test_s12_the_higher_sequence_wins(case: Case, order: tuple[int, int]) -> None:
    says = {7: A, 8: B}
    superseded = 0
    for sequence in order:
        case.says(says[sequence], day=1, sequence=sequence)
        superseded += case.outcome.superseded
    assert case.history() == "B[1,∞)"
    # A loser counts at its own load: what was counted before never moves.
    assert superseded == (1 if order == (8, 7) else 0)


def test_s12_both_in_one_batch(case: Case) -> None:
    case.delivers(Said(A, 1, sequence=7), Said(B, 1, sequence=8))
    assert case.history() == "B[1,∞)"
    assert (case.outcome.accepted, case.outcome.superseded) == (1, 1)


def test_s13_nobody_numbered_them(case: Case) -> None:
    other = case.another()
    for one, order in ((case, (A, B)), (other, (B, A))):
        for what in order:
            one.says(what, day=1)
    assert case.history() == other.history()
    assert len(case.rows()) == 1
    # The pipeline warns the sender of each record in this work table.
    assert case.ambiguous() == 1


def test_s28_explicit_delete(case: Case) -> None:
    case.says(A, day=1)
    case.says(DELETED, day=6)
    assert case.history() == "A[1,6) deleted[6,∞)"
    assert case.current()["display_name"] == "Atelier"


def test_s29_return_after_delete(case: Case) -> None:
    case.says(A, day=1)
    case.says(DELETED, day=6)
    case.says(A, day=8)
    assert case.history() == "A[1,6) deleted[6,8) A[8,∞)"


def test_s30_absent_three_times(case: Case) -> None:
    case.full(1, A, Said(A, 1, key=1))
    for at in (2, 3, 4):
        case.full(at, Said(A, at, key=1))
    assert case.history() == "A[1,2) deleted[2,∞)"
    assert case.history(key=1) == "A[1,∞)"


def test_s32_delete_before_insert(case: Case) -> None:
    case.says(DELETED, day=6)
    assert case.history() == "deleted[6,∞)"
    case.says(A, day=1)
    assert case.history() == "A[1,6) deleted[6,∞)"


def test_s33_absent_from_a_delta(case: Case) -> None:
    case.says(A, day=1)
    case.delivers(Said(B, 2, key=1))
    assert case.history() == "A[1,∞)"
