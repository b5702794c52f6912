"""The ledgers outside the database: nothing acknowledged is lost, nothing is changed unseen."""

from __future__ import annotations

import multiprocessing
import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from shopnow.journal import Ledger, LedgerBrokenError, access_ledger, erasure_ledger
from shopnow.kernel import FixedClock, Settings

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = FixedClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))


def filled(path: Path, entries: int = 3) -> Ledger:
    ledger = Ledger(path, CLOCK)
    for number in range(entries):
        ledger.append("erasure", {"request": number, "where": ["vault", "dimension"]})
    return ledger


def append_many(path: Path, entries: int) -> None:
    for number in range(entries):
        Ledger(path, CLOCK).append("from a process", {"number": number})


def test_what_was_appended_is_read_back_in_order(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "ledgers" / "one.jsonl")
    entries = list(ledger.entries())
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert entries[1].body == {"request": 1, "where": ["vault", "dimension"]}
    assert entries[1].prev == entries[0].hash
    assert entries[0].at == CLOCK.now()
    state = ledger.verify()
    assert (state.good, state.entries, state.head) == (True, 3, entries[2].hash)
    assert ledger.path.stat().st_mode & 0o777 == 0o600


def test_a_ledger_that_was_never_written_is_empty(tmp_path: Path) -> None:
    state = Ledger(tmp_path / "none.jsonl", CLOCK).verify()
    assert (state.good, state.entries, state.torn_bytes) == (True, 0, 0)


def test_the_two_ledgers_stand_in_the_home(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    erasure_ledger(settings, CLOCK).append("erasure", {})
    access_ledger(settings, CLOCK).append("revoke", {})
    names = sorted(path.name for path in (tmp_path / "ledgers").iterdir())
    assert names == ["access.jsonl", "erasure.jsonl"]


@pytest.mark.parametrize("cut", [1, 2, 40])
def test_a_torn_last_line_is_reported_passed_over_and_cut_off(tmp_path: Path, cut: int) -> None:
    ledger = filled(tmp_path / "torn.jsonl")
    os.truncate(ledger.path, ledger.path.stat().st_size - cut)
    state = ledger.verify()
    assert state.good
    assert state.entries == 2
    assert state.torn_bytes > 0
    assert ledger.append("after", {}).seq == 3
    after = ledger.verify()
    assert (after.good, after.entries, after.torn_bytes) == (True, 3, 0)


def test_an_altered_entry_breaks_the_chain(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "altered.jsonl")
    content = ledger.path.read_bytes()
    ledger.path.write_bytes(content.replace(b'"request":1', b'"request":7'))
    state = ledger.verify()
    assert (state.good, state.entries, state.problem is not None) == (False, 1, True)
    with pytest.raises(LedgerBrokenError, match="entry 2 was altered"):
        list(ledger.entries())


def test_a_removed_entry_breaks_the_chain(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "removed.jsonl")
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(lines[0] + lines[2])
    assert ledger.verify().problem is not None


def test_entries_of_another_ledger_do_not_fit_in(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "one.jsonl")
    later = FixedClock(datetime(2026, 4, 1, tzinfo=UTC))
    other = Ledger(tmp_path / "two.jsonl", later)
    for _ in range(3):
        other.append("erasure", {})
    mine = ledger.path.read_bytes().splitlines(keepends=True)
    theirs = other.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(mine[0] + theirs[1] + mine[2])
    with pytest.raises(LedgerBrokenError, match="entry 2 does not follow"):
        list(ledger.entries())


def test_nothing_is_appended_after_an_altered_last_entry(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "last.jsonl")
    content = ledger.path.read_bytes()
    ledger.path.write_bytes(content.replace(b'"request":2', b'"request":9'))
    with pytest.raises(LedgerBrokenError):
        ledger.append("more", {})


def test_an_entry_longer_than_a_block_is_found_again(tmp_path: Path) -> None:
    ledger = filled(tmp_path / "long.jsonl")
    long = ledger.append("long", {"codes": ["x" * 100] * 3000})
    following = ledger.append("next", {})
    assert following.prev == long.hash
    assert replace(following, seq=4) != following
    assert ledger.verify().entries == 5


def test_processes_that_append_at_once_make_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "shared.jsonl"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=append_many, args=(path, 20)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    state = Ledger(path, CLOCK).verify()
    assert (state.good, state.entries) == (True, 60)
