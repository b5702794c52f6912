"""The service clock against what must hold of any clock, on random lives of tickets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopnow.desk import PRIORITIES, ClockEvent, clock_at, load_agreement

if TYPE_CHECKING:
    from shopnow.desk import Priority

pytestmark = pytest.mark.properties

PROMISES = load_agreement(ZoneInfo("Europe/Paris")).promises
# A winter and a summer night, Easter and a month of holidays are inside.
START = datetime(2026, 3, 20, tzinfo=UTC)
MINUTES = 60 * 24 * 60

moments = st.integers(0, MINUTES).map(lambda minutes: START + timedelta(minutes=minutes))
priorities = st.sampled_from(PRIORITIES)


@st.composite
def lives(draw: st.DrawFn, *, reclassified: bool = True) -> list[ClockEvent]:
    """A ticket's life: an opening and a few events after it, numbered."""
    opening = draw(st.integers(0, MINUTES // 4))
    events = [ClockEvent(START + timedelta(minutes=opening), "opened", draw(priorities))]
    kinds = ["paused", "resumed", "resolved", "reopened"]
    if reclassified:
        kinds.append("reclassified")
    for number in range(1, draw(st.integers(0, 7)) + 1):
        kind = draw(st.sampled_from(kinds))
        later = START + timedelta(minutes=draw(st.integers(opening, MINUTES)))
        hold = draw(st.sampled_from(["vendeur", "fournisseur"])) if "e" in kind else ""
        priority = draw(priorities) if kind == "reclassified" else None
        hold = "" if kind in ("resolved", "reopened", "reclassified") else hold
        events.append(ClockEvent(later, kind, priority, hold, number))  # type: ignore[arg-type]
    return events


@given(lives(), moments, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_given_does_not_matter(
    life: list[ClockEvent], now: datetime, chance: object
) -> None:
    shuffled = list(life)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert clock_at(shuffled, PROMISES, now) == clock_at(life, PROMISES, now)


@given(lives(reclassified=False), moments, st.integers(0, 5000), moments)
def test_a_pause_never_shortens(
    life: list[ClockEvent], begins: datetime, minutes: int, now: datetime
) -> None:
    ends = begins + timedelta(minutes=minutes)
    paused = [
        *life,
        ClockEvent(begins, "paused", hold="de plus", number=101),
        ClockEvent(ends, "resumed", hold="de plus", number=102),
    ]
    without, with_it = clock_at(life, PROMISES, now), clock_at(paused, PROMISES, now)
    assert with_it.elapsed <= without.elapsed
    if with_it.due_at and without.due_at:
        assert with_it.due_at >= without.due_at
    if with_it.breached_at:
        assert without.breached_at is not None
        assert with_it.breached_at >= without.breached_at


@given(lives(), moments, priorities)
def test_another_priority_keeps_what_has_elapsed(
    life: list[ClockEvent], now: datetime, priority: Priority
) -> None:
    before = clock_at(life, PROMISES, now)
    event = ClockEvent(max(now, life[0].at), "reclassified", priority, number=200)
    after = clock_at([*life, event], PROMISES, now)
    assert after.elapsed == before.elapsed
    if now >= life[0].at:
        assert after.priority == priority


@given(lives(), moments, moments)
def test_time_only_adds(life: list[ClockEvent], one: datetime, other: datetime) -> None:
    first, last = sorted((one, other))
    early, late = clock_at(life, PROMISES, first), clock_at(life, PROMISES, last)
    assert early.elapsed <= late.elapsed
    # No clock runs faster than the world.
    assert late.elapsed - early.elapsed <= last - first
    if early.breached_at:
        assert late.breached_at == early.breached_at


@given(lives(reclassified=False), moments)
def test_a_running_clock_is_due_when_it_says(life: list[ClockEvent], now: datetime) -> None:
    clock = clock_at(life, PROMISES, now)
    if clock.state != "running" or clock.due_at is None or clock.breached_at is not None:
        return
    later = [event for event in life if event.at <= now]
    if life[0].at > now:
        later = life[:1]
    at_due = clock_at(later, PROMISES, clock.due_at)
    just_before = clock_at(later, PROMISES, clock.due_at - timedelta(microseconds=1))
    assert at_due.breached_at == clock.due_at
    assert just_before.breached_at is None
    assert at_due.elapsed == clock.target
