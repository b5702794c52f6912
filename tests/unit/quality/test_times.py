"""Times come to UTC by their own offset or the source's zone, never by a guess (S54 to S60)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.quality.layouts import judged, layout, rejects

from shopnow.quality.times import to_utc

PARIS = ZoneInfo("Europe/Paris")


def texts(*values: str | None) -> pl.Series:
    return pl.Series("t", list(values), dtype=pl.String)


def test_one_instant_has_one_value_whatever_its_offset() -> None:
    said = texts(
        "2025-12-01T10:00:00+02:00", "2025-12-01T08:00:00Z", "2025-12-01T08:00:00.000+00:00",
        "2025-12-01 09:00:00+0100", "2025-12-01T03:00:00-0500", "2025-12-01T08:00Z",
    )  # fmt: skip
    times = to_utc(said, ("iso",), layout())
    assert set(times.values) == {datetime(2025, 12, 1, 8, tzinfo=UTC)}
    assert not times.bad.any()


@given(st.datetimes(datetime(2000, 1, 2), datetime(2037, 1, 1), timezones=st.timezones()))  # noqa: DTZ001
def test_iso_texts_keep_the_instant(moment: datetime) -> None:
    offset = moment.utcoffset()
    if offset is None or offset.total_seconds() % 60:
        return  # Ancient local time: ISO 8601 has no seconds in an offset.
    times = to_utc(texts(moment.isoformat()), ("iso",), layout())
    assert times.values[0] == moment.astimezone(UTC)


def test_a_text_without_offset_is_no_iso_time() -> None:
    times = to_utc(texts("2025-12-01T10:00:00", None, ""), ("iso",), layout())
    assert times.values.to_list() == [None, None, None]
    assert times.bad.to_list() == [True, False, False]


def test_epochs_keep_microseconds_and_cut_the_rest() -> None:
    times = to_utc(
        texts("1763817459.123456", "1763817459.123457", "1763817459.1234569", "1763817459"),
        ("epoch_s",), layout(),
    )  # fmt: skip
    assert [t.microsecond for t in times.values] == [123456, 123457, 123456, 0]


def test_milliseconds_are_declared_never_guessed() -> None:
    text = texts("1763817459123")
    [as_declared] = to_utc(text, ("epoch_ms",), layout()).values
    assert as_declared == datetime(2025, 11, 22, 13, 17, 39, 123000, tzinfo=UTC)
    found = judged("click", {"event_type": ["view_page"], "event_at": ["1763817459123"]},
                   records={"click": {"fields": {
                       "event_type": "event_type",
                       "event_at": {"path": "event_at", "time": ["epoch_s", "iso"]}}}})  # fmt: skip
    assert rejects(found) == {1: ["timestamp_out_of_bounds"]}


@given(st.integers(946_684_800, 4_102_444_799), st.integers(0, 999_999))
def test_an_epoch_is_the_instant_it_says(seconds: int, micros: int) -> None:
    times = to_utc(texts(f"{seconds}.{micros:06d}"), ("epoch_s",), layout())
    assert times.values[0] == datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=micros)


def test_the_hour_that_comes_twice_is_rejected_or_told_apart_by_the_source() -> None:
    # 2026-10-25: at three o'clock it becomes two again.
    said = texts("2026-10-25 01:59:59", "2026-10-25 02:30:00", "2026-10-25 03:00:00")
    times = to_utc(said, ("local",), layout())
    assert times.values.to_list() == [
        datetime(2026, 10, 24, 23, 59, 59, tzinfo=UTC), None,
        datetime(2026, 10, 25, 2, tzinfo=UTC),
    ]  # fmt: skip
    assert times.ambiguous.to_list() == [False, True, False]
    assert not times.bad.any()
    for side, hour in (("earliest", 0), ("latest", 1)):
        [chosen] = to_utc(said[1:2], ("local",), layout(ambiguous=side)).values
        assert chosen == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


def test_the_hour_that_never_was_is_rejected_or_moved_by_the_source() -> None:
    # 2026-03-29: two o'clock is three o'clock.
    said = texts("2026-03-29 01:59:59", "2026-03-29 02:30:00", "2026-03-29 03:00:00")
    times = to_utc(said, ("local",), layout())
    assert times.nonexistent.to_list() == [False, True, False]
    assert times.values[1] is None
    [moved] = to_utc(said[1:2], ("local",), layout(nonexistent="forward")).values
    assert moved == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_both_nights_reach_the_sender_with_their_reason() -> None:
    found = judged(
        "product",
        {
            "product_id": ["a", "b", "c", "d"], "title": ["A", "B", "C", "D"],
            "effective_at": ["2025-10-26 02:30", "2026-03-29 02:30", "26/10/2025", "hier"],
        },
    )  # fmt: skip
    assert rejects(found) == {
        1: ["ambiguous_local_time"], 2: ["nonexistent_local_time"], 4: ["bad_timestamp"],
    }  # fmt: skip


@given(st.datetimes(datetime(2000, 1, 2), datetime(2037, 1, 1)))  # noqa: DTZ001
def test_local_times_agree_with_the_zone_data_base(naive: datetime) -> None:
    naive = naive.replace(microsecond=0)
    times = to_utc(texts(naive.isoformat(" ")), ("local",), layout())
    first = naive.replace(tzinfo=PARIS, fold=0).astimezone(UTC)
    last = naive.replace(tzinfo=PARIS, fold=1).astimezone(UTC)
    if first == last:
        assert times.values[0] == first
    else:
        assert times.values[0] is None
        assert times.ambiguous[0] == (first < last)
        assert times.nonexistent[0] == (first > last)


def test_a_date_is_the_start_of_its_day_in_the_sources_zone() -> None:
    said = texts("2026-07-01", "01/07/2026", "2026-12-01")
    assert to_utc(said, ("iso", "local"), layout()).values.to_list() == [
        datetime(2026, 6, 30, 22, tzinfo=UTC), datetime(2026, 6, 30, 22, tzinfo=UTC),
        datetime(2026, 11, 30, 23, tzinfo=UTC),
    ]  # fmt: skip
    [there] = to_utc(said[:1], ("local",), layout(zone="America/Sao_Paulo")).values
    assert there == datetime(2026, 7, 1, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("1970-01-01T00:00:00Z", ["timestamp_out_of_bounds"]),
        ("1999-12-31T23:59:59Z", ["timestamp_out_of_bounds"]),
        ("2000-01-01T00:00:00Z", []),
        ("2026-11-23T00:00:00Z", []),
        ("2026-11-23T00:00:01Z", ["timestamp_out_of_bounds"]),
        ("20226-01-01T00:00:00Z", ["bad_timestamp"]),
    ],
)
def test_absurd_dates_are_rejected(text: str, codes: list[str]) -> None:
    found = judged("click", {"event_type": ["view_page"], "event_at": [text]})
    assert rejects(found) == ({1: codes} if codes else {})
