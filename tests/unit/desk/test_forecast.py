"""Breaches are seen before they come: from the past where it is known, else from the time left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shopnow.desk import ClockState, forecast

HOUR = timedelta(hours=1)
OPENED = datetime(2026, 3, 3, 9, tzinfo=UTC)


def clock(elapsed: float, target: float = 4, *, late: bool = False) -> ClockState:
    """A running clock of a P1 after so many hours."""
    return ClockState("P1", "running", elapsed * HOUR, target * HOUR, OPENED + target * HOUR,
                      OPENED if late else None, None)  # fmt: skip


def hours(*lengths: float) -> list[timedelta]:
    return [one * HOUR for one in lengths]


def test_without_a_past_the_time_that_is_left_says_it() -> None:
    early, soon = forecast(clock(1), []), forecast(clock(3), [])
    assert (early.risk, early.at_risk) == (0.25, False)
    assert (soon.at_risk, soon.reason_fr) == (True, "75 % du délai est passé")


def test_the_past_says_that_such_tickets_come_too_late() -> None:
    # Quick ones are done within the hour; what lasts longer takes six hours.
    past = hours(*[0.5] * 20, *[6] * 8, 2, 3)
    assert not forecast(clock(0.1), past).at_risk
    old = forecast(clock(1), past)
    assert (old.risk, old.at_risk) == (0.8, True)
    assert old.reason_fr == "sur 10 tickets restés ouverts aussi longtemps, 8 en retard"


def test_the_past_says_that_there_is_no_hurry_until_there_is() -> None:
    past = hours(*[3.9] * 20)
    assert not forecast(clock(2.9), past).at_risk
    assert forecast(clock(3), past).at_risk


def test_what_is_late_is_late_and_seven_tickets_are_no_past() -> None:
    assert forecast(clock(5, late=True), hours(*[1] * 50)).risk == 1
    assert forecast(clock(1), hours(*[6] * 7)).risk == 0.25


@given(
    past=st.lists(st.floats(0, 20), min_size=8, max_size=60),
    ages=st.tuples(st.floats(0, 3.9), st.floats(0, 3.9)),
)
def test_no_ticket_becomes_safer_by_waiting(past: list[float], ages: tuple[float, float]) -> None:
    young, old = sorted(ages)
    lengths = hours(*past)
    before, after = forecast(clock(young), lengths), forecast(clock(old), lengths)
    if sum(one > old * HOUR for one in lengths) >= 8:
        assert before.risk <= after.risk
    assert 0 <= after.risk <= 1
