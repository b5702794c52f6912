"""Clocks always speak UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shopnow.kernel import FixedClock, SystemClock


def test_a_fixed_clock_stands_still_in_utc() -> None:
    noon_in_paris = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=1)))
    clock = FixedClock(noon_in_paris)
    assert clock.now() == clock.now() == noon_in_paris
    assert clock.now().tzinfo is UTC


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        FixedClock(datetime(2026, 11, 22))  # noqa: DTZ001  # that is the point


def test_the_clock_of_the_machine_knows_its_zone() -> None:
    assert SystemClock().now().tzinfo is UTC
