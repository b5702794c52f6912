"""A step that fails after another one ended says so once its transaction is over, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.marketplace import NOON

from shopnow.journal import open_run
from shopnow.kernel import FixedClock, connect

if TYPE_CHECKING:
    from shopnow.kernel import Settings

pytestmark = pytest.mark.crash


def test_a_failure_does_not_wait_for_the_rows_of_its_own_run(warehouse: Settings) -> None:
    with connect(warehouse) as journal, connect(warehouse) as data:
        # It would wait for ever otherwise.
        journal.execute("SET lock_timeout = '2s'")
        run = open_run(journal, FixedClock(NOON), "load", "test")
        one, other = run.start(4), run.start(5)
        with data.transaction(force_rollback=True):
            run.end(data, one)
            run.fail(one, other)
        run.journal_failures()
        run.close("failed")
        steps = journal.execute("SELECT step, status FROM journal.step ORDER BY step").fetchall()
    assert steps == [(4, "FAIL"), (5, "FAIL")]
