"""Erasure (S75, DESIGN 7): everywhere, once and for all; what was sold stays."""

from __future__ import annotations

from tests.integration.privacy.erasing import (
    CLOCK,
    ask,
    check_sound,
    erased,
    found,
    lines,
    state,
    versions,
)

from shopnow.journal import erasure_ledger
from shopnow.kernel import Settings, connect
from shopnow.privacy import (
    KeyStore,
    persons_by_identifier,
    plan_erasure,
    replay_erasures,
)


def test_s75_all_that_names_the_person_goes_and_what_was_sold_stays(second_day: Settings) -> None:
    (person,) = found(second_day)
    number = person.subject_no
    before, sold = versions(second_day, number), lines(second_day, number)
    names = {row[5] for row in before}
    assert len(before) > 1
    assert len(sold) > 0
    report = erased(second_day)
    after, still = versions(second_day, number), lines(second_day, number)
    assert [row[:5] for row in after] == [row[:5] for row in before]
    assert {row[6:] for row in after} == {(None, None, None, None)}
    assert len({row[5] for row in after}) == 1
    assert not {row[5] for row in after} & names
    assert still.keys() == sold.keys()
    assert not set(still.values()) & set(sold.values())
    for table in ("history.customer_change", "staging.customer_row"):
        assert ask(second_day, f"SELECT 1 FROM {table} WHERE customer_no = %s", number) == []  # noqa: S608
    for table in ("privacy.vault", "privacy.subject_record"):
        assert ask(second_day, f"SELECT 1 FROM {table} WHERE subject_no = %s", number) == []  # noqa: S608
    with KeyStore(second_day.home, CLOCK) as keystore:
        assert keystore.kept_subject_keys([number]) == {}
    assert {action.table: action.rows for action in report.actions}["dwh.fact_order"] == len(sold)
    check_sound(second_day)


def test_the_plan_counts_what_is_done_and_touches_nothing(second_day: Settings) -> None:
    before = state(second_day)
    persons = found(second_day)
    with connect(second_day) as conn, KeyStore(second_day.home, CLOCK) as keystore:
        plan = plan_erasure(conn, keystore, persons, CLOCK.now())
    assert state(second_day) == before
    assert not erasure_ledger(second_day, CLOCK).path.exists()
    assert erased(second_day).actions == plan.actions


def test_a_second_erasure_finds_nobody_and_does_nothing(second_day: Settings) -> None:
    erased(second_day)
    before = state(second_day)
    assert found(second_day) == []
    assert replay_erasures(second_day, CLOCK).erased == 0
    assert state(second_day) == before
    assert erasure_ledger(second_day, CLOCK).verify().entries == 1


def test_a_customer_is_found_by_identifier_and_by_pseudonym(second_day: Settings) -> None:
    (person,) = found(second_day)
    shown = versions(second_day, person.subject_no)[0][5]
    with connect(second_day) as conn, KeyStore(second_day.home, CLOCK) as keystore:
        for name in (" K0 ", shown):
            assert persons_by_identifier(conn, keystore, "customer", name, ["bazar", "x"]) == [
                person
            ]
        assert persons_by_identifier(conn, keystore, "customer", "K0", ["x"]) == []
