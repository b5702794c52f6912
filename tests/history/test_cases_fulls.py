"""Full deliveries (S02, S14, S30, S31's engine, S81, S82 of scd.md): what absence says."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from tests.history.sample import DELETED, A, B, Said, State, day

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.history.sample import Case

pytestmark = pytest.mark.integration


def in_every_order(case: Case, *steps: Callable[[Case], object]) -> set[str]:
    """The histories that come out of every order of arrival (of some, where there are many)."""
    orders = list(itertools.permutations(steps))
    found = set()
    for order in orders[:: max(1, len(orders) // 10)]:
        # Rolled back, so that a hundred loads leave no locks on their work tables.
        with case.conn.transaction(force_rollback=True):
            other = case.another()
            for step in order:
                step(other)
            found.add(other.history())
    return found


def test_a_repetition_in_a_full_delivery_is_implied(case: Case) -> None:
    case.full(1, A)
    before = case.rows()
    case.full(2, A)
    assert case.outcome.accepted == 1
    assert case.rows() == before
    assert case.log() == [("upsert", "1", "applied")]


def test_absent_from_a_full_delivery_is_withdrawn(case: Case) -> None:
    case.full(1, A)
    case.full(3)
    assert case.history() == "A[1,3) deleted[3,∞)"
    case.full(5, A)
    assert case.history() == "A[1,3) deleted[3,5) A[5,∞)"


def test_a_rejected_record_is_neither_withdrawn_nor_confirmed(case: Case) -> None:
    case.full(1, A)
    case.full(3, silent=[0])
    assert case.history() == "A[1,∞)"
    case.says(B, day=2)
    # Day 3 confirmed nothing: B goes on.
    assert case.history() == "A[1,2) B[2,∞)"


def test_a_delivery_that_cannot_prove_absence_withdraws_nothing(case: Case) -> None:
    case.full(1, A)
    case.full(3, proven=False)
    assert case.history() == "A[1,∞)"


def test_only_what_the_same_source_stated_last_is_withdrawn(case: Case) -> None:
    case.full(1, A, source="/one")
    case.says(B, day=2, source="/other")
    case.full(3, source="/one")
    assert case.history() == "A[1,2) B[2,∞)"
    case.full(4, B, source="/one")
    case.full(5, source="/one")
    assert case.history() == "A[1,2) B[2,5) deleted[5,∞)"


def test_the_scope_of_a_withdrawal_does_not_depend_on_arrival(case: Case) -> None:
    assert in_every_order(
        case,
        lambda c: c.full(1, A, source="/one"),
        lambda c: c.says(B, day=2, source="/other"),
        lambda c: c.full(3, source="/one"),
        lambda c: c.full(4, source="/other"),
    ) == {"A[1,2) B[2,4) deleted[4,∞)"}


def test_s81_deltas(case: Case) -> None:
    assert in_every_order(
        case, lambda c: c.says(A, 1), lambda c: c.says(A, 5), lambda c: c.says(B, 3)
    ) == {"A[1,3) B[3,5) A[5,∞)"}


def test_s81_full_deliveries(case: Case) -> None:
    assert in_every_order(
        case, lambda c: c.full(1, A), lambda c: c.full(5, A), lambda c: c.full(3, B)
    ) == {"A[1,3) B[3,5) A[5,∞)"}


def test_s81_full_deliveries_and_a_late_statement(case: Case) -> None:
    assert in_every_order(
        case, lambda c: c.full(1, A), lambda c: c.full(5, A), lambda c: c.says(B, 3)
    ) == {"A[1,3) B[3,5) A[5,∞)"}


@pytest.mark.parametrize("kind", ["delta", "full"])
def test_s81_with_confirmations_between(case: Case, kind: str) -> None:
    def said(what: object, at: int) -> Callable[[Case], object]:
        if kind == "full":
            return lambda c: c.full(at, what)  # type: ignore[arg-type]
        return lambda c: c.says(what, at)  # type: ignore[arg-type]

    steps = [said(A, 1), said(A, 2), said(B, 3), said(A, 4), said(A, 5)]
    assert in_every_order(case, *steps) == {"A[1,3) B[3,4) A[4,∞)"}


def test_s82_a_late_full_delivery_lacks_it(case: Case) -> None:
    assert in_every_order(
        case, lambda c: c.full(1, A), lambda c: c.full(5, A), lambda c: c.full(3)
    ) == {"A[1,3) deleted[3,5) A[5,∞)"}


def test_s82_in_one_batch(case: Case) -> None:
    for order in itertools.permutations((1, 3, 5)):
        other = case.another()
        other.loads([
            other.staged([] if at == 3 else [Said(A, at)], full_day=at) for at in order
        ])  # fmt: skip
        assert other.history() == "A[1,3) deleted[3,5) A[5,∞)"


def test_records_with_times_of_their_own(case: Case) -> None:
    """What it says of day 0 it says of day 0; that the key is there, it says of its own day."""
    assert in_every_order(
        case,
        lambda c: c.full(1, Said(A, 0)),
        lambda c: c.full(2),
        lambda c: c.full(3, Said(A, 0)),
    ) == {"A[0,2) deleted[2,3) A[3,∞)"}
    assert in_every_order(
        case,
        lambda c: c.full(1, Said(A, 0)),
        lambda c: c.says(B, 2),
        lambda c: c.full(3, Said(A, 0)),
    ) == {"A[0,2) B[2,∞)"}


def test_an_explicit_deletion_between_full_deliveries(case: Case) -> None:
    assert in_every_order(
        case,
        lambda c: c.full(1, A),
        lambda c: c.says(DELETED, 2),
        lambda c: c.full(3, A),
        lambda c: c.full(4, A),
    ) == {"A[1,2) deleted[2,3) A[3,∞)"}


@pytest.mark.parametrize("days", [(1, 2, 3), (3, 2, 1), (2, 1, 3)])
def test_a_key_that_is_new_in_a_later_full_delivery(case: Case, days: Sequence[int]) -> None:
    held: dict[int, list[State | Said]] = {1: [], 2: [A], 3: [A, Said(B, 3, key=1)]}
    for at in days:
        case.full(at, *held[at])
    assert case.history() == "A[2,∞)"
    assert case.history(key=1) == "B[3,∞)"


def test_unchanged_full_deliveries_cost_no_row(case: Case) -> None:
    case.full(1, *(Said(A, 1, key=n) for n in range(5)))
    for at in (2, 3, 4):
        case.full(at, *(Said(A, at, key=n) for n in range(5)))
        assert case.outcome.accepted == 5
    assert [case.log(n) for n in range(5)] == [[("upsert", "1", "applied")]] * 5
    row = case.conn.execute(
        "SELECT count(*) FROM history.full_delivery WHERE source = %s AND effective_at >= %s",
        [f"case-{case.number}", day(1)],
    ).fetchone()
    assert row == (4,)
