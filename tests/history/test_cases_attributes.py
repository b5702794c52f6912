"""Cases S34 to S45, S53, S69, S70, S73, S74 and S79 of scd.md: attributes by their type."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.history.sample import A, B, C, Said, State, day, state

if TYPE_CHECKING:
    from tests.history.sample import Case

    from shopnow.dimensions import Column

pytestmark = pytest.mark.integration

BOOKS, HOME, BEAUTY = (state("A", category=word) for word in ("Books", "Home", "Beauty"))


def mail(address: str) -> State:
    """A statement of nothing but a type-1 attribute."""
    return state("mail", email=address)


def test_s34_a_type_1_change_rewrites_every_version(case: Case) -> None:
    for what, at in ((A, 1), (B, 2), (C, 3)):
        case.says(what, day=at)
    case.says(mail("old@a.test"), day=4)
    before = case.surrogates()
    case.says(mail("new@a.test"), day=5)
    assert {row["email"] for row in case.rows()} == {"new@a.test"}
    assert case.history() == "A[1,2) B[2,3) C[3,∞)"
    assert case.surrogates() == before


def test_s35_types_1_and_2_in_one_statement(case: Case) -> None:
    case.says(A.but(email="old@a.test"), day=1)
    case.says(B.but(email="new@a.test"), day=3)
    assert case.history() == "A[1,3) B[3,∞)"
    assert [row["email"] for row in case.rows()] == ["new@a.test", "new@a.test"]


def test_s36_late_type_1(case: Case) -> None:
    case.says(A.but(email="of-day-5@a.test"), day=5)
    case.says(mail("of-day-3@a.test"), day=3)
    assert case.current()["email"] == "of-day-5@a.test"


def pair(case: Case) -> tuple[Any, Any, Any]:
    """The type-3 attribute, its previous value, and when it changed; the same on all versions."""
    found = {
        (row["category"], row["previous_category"], row["category_changed_at"])
        for row in case.rows()
    }
    assert len(found) == 1
    return found.pop()


def test_s37_type_3(case: Case) -> None:
    case.says(A.but(category="Books"), day=1)
    case.says(HOME, day=4)
    assert case.history() == "A[1,∞)"
    assert pair(case) == ("Home", "Books", day(4))


def test_s38_type_3_twice(case: Case) -> None:
    case.says(A.but(category="Books"), day=1)
    case.says(HOME, day=4)
    case.says(BEAUTY, day=6)
    assert pair(case) == ("Beauty", "Home", day(6))
    assert [kind for kind, _, _ in case.log()] == ["upsert"] * 3


def test_s39_type_3_and_back(case: Case) -> None:
    case.says(A.but(category="Books"), day=1)
    case.says(HOME, day=4)
    case.says(BOOKS, day=6)
    assert pair(case) == ("Books", "Home", day(6))


def test_s40_types_3_and_2_together(case: Case) -> None:
    case.says(A.but(category="Books"), day=1)
    case.says(B.but(category="Home"), day=4)
    assert case.history() == "A[1,4) B[4,∞)"
    assert pair(case) == ("Home", "Books", day(4))


def test_s41_late_type_3(case: Case) -> None:
    case.says(A.but(category="Books"), day=1)
    case.says(BEAUTY, day=5)
    case.says(HOME, day=3)
    assert pair(case) == ("Beauty", "Home", day(5))


def test_s43_null_and_back(case: Case) -> None:
    none = A.but("N", country=None)
    for what, at in ((none, 1), (A, 2), (none, 3)):
        case.says(what, day=at)
    assert case.history() == "N[1,2) A[2,3) N[3,∞)"


def test_s44_absent_is_not_null(case: Case) -> None:
    case.says(A, day=1)
    case.says(state("S", status="suspended"), day=2)
    assert case.current()["status"] == "suspended"
    assert case.current()["country"] == "FR"
    case.says(state("N", country=None), day=3)
    assert case.current()["country"] is None
    assert case.current()["status"] == "suspended"


def test_s45_late_partial_is_carried_forward(case: Case) -> None:
    case.says(A, day=1)
    case.says(state("commission", commission_rate=12), day=5)
    case.says(state("status", status="suspended"), day=3)
    assert [(row["status"], row["commission_rate"]) for row in case.rows()] == [
        ("active", 15), ("suspended", 15), ("suspended", 12),
    ]  # fmt: skip


def test_s45_not_where_the_later_one_said_it_itself(case: Case) -> None:
    case.says(A, day=1)
    case.says(C, day=5)
    case.says(state("status", status="suspended"), day=3)
    assert [(row["status"], row["commission_rate"]) for row in case.rows()] == [
        ("active", 15), ("suspended", 15), ("active", 12),
    ]  # fmt: skip


def test_s53_the_same_amount_in_another_currency(product: Case) -> None:
    euros = state("E", list_price=Decimal("20.00"), currency="EUR", is_active="yes")
    product.says(euros, day=1)
    product.says(euros.but("S", currency="SEK"), day=2)
    assert product.history() == "E[1,2) S[2,∞)"


def altered(case: Case, name: str, **changes: Any) -> None:  # noqa: ANN401
    """Declare an attribute of the sample otherwise."""

    def of(column: Column) -> Column:
        return replace(column, **changes) if column.name == name else column

    case.dimension = replace(case.dimension, columns=tuple(map(of, case.dimension.columns)))


def test_s69_a_new_type_2_attribute(case: Case) -> None:
    altered(case, "country", default="FR")
    old = state("A", status="active", commission_rate=15)
    case.says(old, day=1)
    neighbour = case.another()
    neighbour.says(old, day=1)
    # From day 5 on the source says the country: its first word opens a version only where it is
    # not what everybody was taken for.
    case.says(old.but(country="FR"), day=5)
    assert len(case.rows()) == 1
    neighbour.says(old.but(country="BE"), day=5)
    assert [row["country"] for row in neighbour.rows()] == [None, "BE"]
    case.says(old.but(country="BE"), day=7)
    assert [row["country"] for row in case.rows()] == [None, "BE"]


def test_s70_a_new_type_1_attribute_fills_every_version(case: Case) -> None:
    case.says(A, day=1)
    case.says(B, day=3)
    case.says(B.but(email="first@a.test"), day=5)
    assert case.history() == "A[1,3) B[3,∞)"
    assert {row["email"] for row in case.rows()} == {"first@a.test"}


def test_s71_an_attribute_dropped_by_the_source_keeps_its_last_value(case: Case) -> None:
    # The alert "schema drift" belongs to watching; that nothing is set to null is tested here.
    case.says(A, day=1)
    case.says(state("A", status="active", commission_rate=15), day=4)
    assert case.history() == "A[1,∞)"
    assert case.current()["country"] == "FR"


def test_s73_a_wider_scale_is_no_change(product: Case) -> None:
    narrow = state("P", list_price=Decimal("12.50"), currency="EUR", is_active="yes")
    product.says(narrow, day=1)
    product.says(narrow.but(list_price=Decimal("12.5000")), day=2)
    assert product.history() == "P[1,∞)"


def test_s74_reclassified_from_type_1_to_type_2(case: Case) -> None:
    altered(case, "country", since=day(5))
    said = [Said(A.but("F", country="FR"), 1), Said(A.but("G", country="BE"), 3),
            Said(A.but("H", country="NL"), 6)]  # fmt: skip
    case.delivers(*said)
    # Before day 5 the country was overwritten: its history then is that of its last value.
    assert case.history() == "G[1,6) H[6,∞)"
    for order in itertools.permutations(said):
        other = case.another()
        for one in order:
            other.delivers(one)
        assert other.history() == "G[1,6) H[6,∞)"


def test_s79_type_0_null_is_filled(case: Case) -> None:
    case.says(A, day=1)
    case.says(A.but(legal_id="111"), day=3)
    assert case.history() == "A[1,∞)"
    assert case.current()["legal_id"] == "111"


def test_s79_type_0_differs_is_another_company(case: Case) -> None:
    case.says(A.but(legal_id="111"), day=1)
    case.delivers(Said(B.but(legal_id="222"), 3), Said(A, 3, key=1))
    assert (case.outcome.held, case.outcome.accepted) == (1, 1)
    assert case.history() == "A[1,∞)"
    assert case.current()["legal_id"] == "111"
    held = case.conn.execute(
        "SELECT reason, statement ->> 'legal_id' FROM staging.statement_held WHERE dimension = %s"
        " AND (statement ->> 'seller_no')::int = %s",
        [case.dimension.name, case.number * 10],
    ).fetchall()
    assert held == [("another_company", "222")]
