"""Cases S21, S22 and S59 of scd.md on the engine: inferred members, strictness, the future."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from tests.history.sample import DELETED, A, B, C, Said

from shopnow.dimensions import load_dimension, statements, tips
from shopnow.kernel import TransientError

if TYPE_CHECKING:
    import psycopg
    from tests.history.sample import Case

pytestmark = pytest.mark.integration


def fact_comes(case: Case) -> int:
    """An early fact makes an inferred member, as the pipeline does; returns its surrogate key."""
    row = case.conn.execute(
        "INSERT INTO dwh.dim_sample_seller (seller_no, valid_from, valid_to, is_current,"
        " is_inferred, version, known_from, delivery_key, record_no, source_line)"
        " VALUES (%s, '1900-01-01 00:00+00', '9999-12-31 00:00+00', TRUE, TRUE, 1, %s, 0, 0, 0)"
        " RETURNING sample_seller_key",
        [case.number * 10, case.run_at],
    ).fetchone()
    assert row is not None
    return int(row[0])


def test_s21_an_inferred_member_is_filled_in_place(case: Case) -> None:
    inferred = fact_comes(case)
    case.says(A, day=3)
    assert case.history() == "A[3,∞)"
    assert case.surrogates() == [inferred]
    assert [row["reason"] for row in case.superseded()] == ["inferred_upgrade"]
    case.says(B, day=1)
    assert case.history() == "B[1,3) A[3,∞)"


def test_s22_strict_keeps_the_inferred_version(strict: Case) -> None:
    inferred = fact_comes(strict)
    strict.says(A, day=3)
    assert strict.history() == "inferred[-∞,3) A[3,∞)"
    assert strict.surrogates()[0] == inferred
    strict.says(B, day=5)
    strict.says(C, day=1)
    assert strict.history() == "inferred[-∞,1) C[1,3) A[3,5) B[5,∞)"
    assert strict.surrogates()[0] == inferred


def test_s22_ends_the_same_where_the_fact_came_after(strict: Case) -> None:
    strict.says(A, day=3)
    # The engine keeps the place of early facts open; nothing has to be inferred for them.
    assert strict.history() == "inferred[-∞,3) A[3,∞)"
    again = strict.rows()
    strict.says(A, day=4)
    assert strict.rows() == again


def test_s59_the_future_waits_in_the_log(case: Case) -> None:
    case.passes(10)
    case.says(A, day=1)
    case.says(B, day=12)
    assert case.history() == "A[1,∞)"
    assert case.log()[-1] == ("upsert", "12", "pending")
    case.passes(12)
    assert case.history() == "A[1,12) B[12,∞)"


def test_s59_cancelled(case: Case) -> None:
    case.passes(10)
    case.says(A, day=1)
    announced = case.says(B, day=12)
    assert case.cancels(announced) == 1
    case.passes(13)
    assert case.history() == "A[1,∞)"
    assert case.cancels(announced) == 0


def test_s59_a_key_of_which_only_the_future_is_known(case: Case) -> None:
    case.passes(10)
    case.says(A, day=12)
    assert case.history() == ""
    case.says(B, day=5)
    assert case.history() == "B[5,∞)"
    case.passes(20)
    assert case.history() == "B[5,12) A[12,∞)"


def test_s59_a_full_delivery_of_the_future(case: Case) -> None:
    case.passes(10)
    case.full(1, A, Said(A, 1, key=1))
    case.full(12, Said(B, 12, key=1))
    assert case.history() == "A[1,∞)"
    case.passes(12.5)
    assert case.history() == "A[1,12) deleted[12,∞)"
    assert case.history(key=1) == "A[1,12) B[12,∞)"


def content(case: Case) -> list[list[Any]]:
    """What must be equal on every way: the rows without surrogates and provenance."""
    left_out = {
        "sample_seller_key", "seller_no", "delivery_key", "record_no", "source_line", "known_from",
    }  # fmt: skip
    return [
        [value for name, value in row.items() if name not in left_out]
        for key in range(3)
        for row in case.rows(key)
    ]


@pytest.mark.parametrize("few", [tips.FEW, 0], ids=["few", "many"])
def test_the_short_ways_and_the_general_path_agree(
    case: Case, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of many small histories, loaded at once, step by step, and by the fold alone.

    What is known already is looked for first in small batches, and after the rest in large ones.
    """
    monkeypatch.setattr(tips, "FEW", few)
    says = [Said(A, 1), Said(B, 2), Said(A.but(email="x@a.test"), 3), Said(DELETED, 4), Said(C, 5)]
    for picked in itertools.combinations(says, 3):
        with case.conn.transaction(force_rollback=True):
            found = []
            for short in (True, False):
                one = case.another()
                # The first one comes once more, word for word.
                for said in (*picked, picked[0]):
                    key = one.staged([said, Said(A, said.day, key=1)])
                    load_dimension(one.conn, one.dimension, [key], one.run_at, short_way=short)
                found.append(content(one))
            whole = case.another()
            whole.delivers(*picked, *(Said(A, said.day, key=1) for said in picked))
            found.append(content(whole))
            assert found[0] == found[1] == found[2]


def test_a_version_that_was_moved_meanwhile_stops_the_short_way(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large batches go to versions by their place; what is no longer there is not passed over."""
    # Later than any full delivery of the other cases: what is said before one takes the long way.
    case.says(A, day=320)
    write = statements.execute

    def moved_before(conn: psycopg.Connection, name: str, *given: dict[str, Any]) -> int:
        if name == "tip_current":
            conn.execute("UPDATE dwh.dim_sample_seller SET known_from = known_from")
        return write(conn, name, *given)

    monkeypatch.setattr(tips, "FEW", 0)
    monkeypatch.setattr(tips, "execute", moved_before)
    with pytest.raises(TransientError, match="1 current versions were to change, 0 stood"):
        case.says(B, day=330)


def test_s59_nothing_is_built_on_what_may_be_cancelled(case: Case) -> None:
    case.passes(10)
    case.full(1, A)
    announced = case.full(12, B)
    case.full(14, B)
    assert case.cancels(announced) == 1
    case.passes(15)
    assert case.history() == "A[1,14) B[14,∞)"
