"""Erasure whatever kills it or brings the past back: kills, restores, keys, the ledger."""

from __future__ import annotations

import multiprocessing
import os
from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.integration.privacy.erasing import (
    CLOCK,
    check_sound,
    erased,
    found,
    state,
)

from shopnow.journal import LedgerBrokenError, erasure_ledger
from shopnow.privacy import (
    KeyStore,
    erase,
    replay_erasures,
)

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings


# The last three are told apart by the longer suite alone.
STEPS = (
    "ledger",
    "keys",
    "committed",
    *(
        pytest.param(step, marks=pytest.mark.slow)
        for step in ("rows", "files sealed again", "files switched")
    ),
)


def _erase_until(settings: Settings, step: str) -> None:
    """Erase in this process, which dies at a step without a word to anybody."""
    seen: list[str] = []

    def die(at: str) -> None:
        seen.append(at)
        if at == step:
            os._exit(9)

    persons = found(settings)
    with KeyStore(settings.home, CLOCK) as keystore:
        erase(settings, CLOCK, keystore, persons, step=die)
    os._exit(0)


@pytest.mark.crash
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_and_resumed(second_day: Settings, tmp_path: Path, step: str) -> None:
    clean = marketplace.copy_of(second_day, tmp_path / "clean")
    erased(clean)
    process = multiprocessing.get_context("spawn").Process(
        target=_erase_until, args=(second_day, step)
    )
    process.start()
    process.join()
    assert process.exitcode == 9
    replay_erasures(second_day, CLOCK)
    assert state(second_day) == state(clean)
    assert erasure_ledger(second_day, CLOCK).verify().entries == 1
    check_sound(second_day)


def test_a_restored_warehouse_forgets_again_whom_it_had_back(
    second_day: Settings, tmp_path: Path
) -> None:
    """The backup is from before the erasure: database, key store and landing folder."""
    backup = marketplace.copy_of(second_day, tmp_path / "backup")
    erased(second_day)
    assert found(backup)
    ledger = erasure_ledger(second_day, CLOCK).path
    done = replay_erasures(backup, CLOCK, ledger=ledger)
    assert (done.entries, done.erased) == (1, 1)
    assert found(backup) == []
    assert state(backup) == state(second_day)
    assert replay_erasures(backup, CLOCK, ledger=ledger).erased == 0
    check_sound(backup)


def test_keys_put_back_without_the_database_are_destroyed_again(
    second_day: Settings, tmp_path: Path
) -> None:
    (person,) = found(second_day)
    keys = second_day.home / "keys" / "keystore.sqlite"
    old = keys.read_bytes()
    erased(second_day)
    keys.write_bytes(old)
    replay_erasures(second_day, CLOCK)
    with KeyStore(second_day.home, CLOCK) as keystore:
        assert keystore.kept_subject_keys([person.subject_no]) == {}


def test_an_altered_ledger_keeps_the_warehouse_closed(second_day: Settings) -> None:
    erased(second_day)
    path = erasure_ledger(second_day, CLOCK).path
    path.write_bytes(path.read_bytes().replace(b'"cause":"request"', b'"cause":"nothing"'))
    with pytest.raises(LedgerBrokenError):
        replay_erasures(second_day, CLOCK)


def test_nothing_readable_stands_in_the_ledger(second_day: Settings) -> None:
    erased(second_day)
    content = erasure_ledger(second_day, CLOCK).path.read_bytes()
    for value in (b"client0", b"K0", b"Client", b"bazar"):
        assert value not in content
