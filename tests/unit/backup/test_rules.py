"""Calendar, retention, chains, holes in the log: pure rules of backups."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopnow.backup import Backup, BackupBrokenError, Kind
from shopnow.backup.archive import gaps_after
from shopnow.backup.calendar import due, parsed
from shopnow.backup.catalogue import Line, lines_of, note
from shopnow.backup.model import chain_of, newest_before
from shopnow.backup.places import Shelf
from shopnow.backup.retention import Rule, fates, oldest_wal_wanted
from shopnow.kernel import UsageError

if TYPE_CHECKING:
    from pathlib import Path

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 30, 12, tzinfo=UTC)
RULE = Rule(days=14, weeks=5, months=12, floor=2, landing_days=14, key_days=30)


def backup(days_ago: float, kind: Kind = Kind.FULL, parent: str | None = None) -> Backup:
    at = NOW - timedelta(days=days_ago)
    segment = f"00000001{int(1e6 - days_ago * 100):016X}"
    return Backup(f"{days_ago}-{kind}", kind, at, at, (), parent=parent, start_segment=segment)


def test_a_missed_time_is_due_at_once_and_a_full_one_stands_for_the_incremental() -> None:
    weekly, daily = parsed("sunday 01:00", "x"), parsed("01:00", "x")
    assert weekly
    assert daily
    calendar = {Kind.FULL: weekly, Kind.INCREMENTAL: daily}
    assert due(calendar, {}, NOW, PARIS) == (Kind.FULL,)
    made = {Kind.FULL: NOW - timedelta(days=1, hours=11)}  # Sunday 01:00 has just passed since
    assert due(calendar, made, NOW, PARIS) == (Kind.INCREMENTAL,)
    assert due(calendar, {Kind.FULL: NOW}, NOW, PARIS) == ()
    assert due(calendar, {Kind.FULL: NOW - timedelta(days=8)}, NOW, PARIS) == (Kind.FULL,)


def test_a_calendar_keeps_its_hour_when_the_clocks_change() -> None:
    daily = parsed("01:00", "x")
    assert daily
    evening = datetime(2026, 3, 28, 22, tzinfo=UTC)
    assert daily.following(evening, PARIS) == datetime(2026, 3, 29, 0, tzinfo=UTC)
    assert daily.following(evening + timedelta(days=1), PARIS) == datetime(
        2026, 3, 29, 23, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["25:00", "01:60", "sundy 01:00", "soon"])
def test_what_is_no_calendar_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no calendar"):
        parsed(text, "backup_full_at")


def test_sons_fathers_grandfathers_and_the_floor_stay() -> None:
    known = [backup(n) for n in range(400, -1, -7)]
    kept = {fate.backup.id for fate in fates(known, RULE, NOW) if fate.kept}
    assert {b.id for b in known if b.ended_at > NOW - timedelta(days=14)} <= kept
    months = {(b.ended_at.year, b.ended_at.month) for b in known if b.id in kept}
    assert len(months) >= 12
    assert backup(400).id not in kept
    ancient = [backup(900), backup(800), backup(700)]
    assert [fate.kept for fate in fates(ancient, RULE, NOW)] == [False, True, True]


@given(
    st.lists(
        st.tuples(st.floats(0, 500), st.sampled_from([Kind.FULL, Kind.INCREMENTAL])), max_size=25
    )
)
def test_retention_never_breaks_a_chain_that_stays_nor_takes_the_last_ones(
    drawn: list[tuple[float, Kind]],
) -> None:
    known: list[Backup] = []
    for number, (age, kind) in enumerate(sorted(drawn, reverse=True, key=lambda d: d[0])):
        parent = known[-1].id if known and kind is Kind.INCREMENTAL else None
        made = backup(age, kind if parent else Kind.FULL, parent)
        known.append(replace(made, id=f"{number}"))
    kept = [fate.backup for fate in fates(known, RULE, NOW) if fate.kept]
    names = {one.id for one in kept}
    for one in kept:
        assert {link.id for link in chain_of(one, known)} <= names
    fulls = [one.id for one in known if one.kind is Kind.FULL]
    assert set(fulls[-2:]) <= names
    wanted = oldest_wal_wanted(kept, RULE, NOW)
    if kept:
        assert wanted is not None
        sons = [b for b in kept if b.ended_at > NOW - timedelta(days=14)]
        assert all(wanted[8:] <= (b.start_segment or "")[8:] for b in sons)


def test_a_chain_without_one_of_its_links_is_refused() -> None:
    full, first = backup(3), backup(2, Kind.INCREMENTAL, backup(3).id)
    second = backup(1, Kind.INCREMENTAL, first.id)
    assert chain_of(second, [full, first, second]) == (full, first, second)
    with pytest.raises(BackupBrokenError, match="manque"):
        chain_of(second, [full, second])
    assert newest_before([full, first, second], NOW - timedelta(days=1.5)) == first
    with pytest.raises(BackupBrokenError, match="aucune"):
        newest_before([full], NOW - timedelta(days=4))


def test_holes_in_the_log_are_found_across_segment_files_and_timelines() -> None:
    def name(number: int, timeline: int = 1) -> str:
        return f"{timeline:08X}{number // 256:08X}{number % 256:08X}"

    whole = [name(n) for n in range(250, 260)]
    assert gaps_after(whole, name(252)) == []
    assert gaps_after([*whole[:4], *(name(n, 2) for n in range(253, 260))], name(250)) == []
    (gap,) = gaps_after([n for n in whole if n not in {name(255), name(256)}], name(250))
    assert (gap.after, gap.before, gap.count) == (name(254), name(257), 2)
    (gap,) = gaps_after(whole, name(248))
    assert gap.count == 2


def test_a_line_torn_by_a_crash_is_no_line_and_the_next_one_is_whole(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, tmp_path / "keys", None)
    note(shelf, NOW, "made", "a")
    with shelf.catalogue.open("a") as stream:
        stream.write('{"at": "2026-03-30T12:00')
    note(shelf, NOW, "made", "b")
    assert [line.id for line in lines_of(shelf)] == ["a", "b"]
    assert isinstance(lines_of(shelf)[0], Line)
