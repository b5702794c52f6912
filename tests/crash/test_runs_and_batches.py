"""Two runs at once come one after the other; a guilty delivery of a batch ends up alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.crash.conftest import command, step_under_way, wait_until, waiters
from tests.marketplace import Shipment, item, ndjson, order
from tests.warehouse_state import differences, portable, staging_rows, unbalanced

from shopnow.kernel import connect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.warehouse_state import Row

    from shopnow.kernel import Settings

pytestmark = pytest.mark.crash


def test_two_runs_at_once_come_one_after_the_other(
    waiting: Settings, undisturbed: dict[str, list[Row]]
) -> None:
    with (
        connect(waiting, None, autocommit=False) as holder,
        command(waiting, "run") as one,
        command(waiting, "run") as other,
    ):
        holder.execute("LOCK TABLE staging.seller_row IN SHARE MODE")
        # One is held at step 3, the other waits for it before it plans anything.
        wait_until(
            lambda: waiters(waiting) == 2 and step_under_way(waiting) == 3, one, "both waiting"
        )
        holder.rollback()
        said = [process.communicate(timeout=120) for process in (one, other)]
        assert [one.returncode, other.returncode] == [0, 0], said
    assert sum("une autre exécution est en cours" in errors for _, errors in said) == 1
    assert sum("Rien à faire" in text for text, _ in said) == 1
    state = portable(waiting)
    assert state == undisturbed, differences(undisturbed, state)
    assert unbalanced(waiting) == []
    with connect(waiting) as conn:
        taken = conn.execute(
            "SELECT delivery_key, count(*) FROM journal.step WHERE step = 1"
            " GROUP BY delivery_key HAVING count(*) > 1"
        ).fetchall()
        runs = conn.execute("SELECT status FROM journal.run ORDER BY run_id").fetchall()
    assert taken == []
    assert [status for (status,) in runs] == ["done"] * 3


def _good(number: int) -> Shipment:
    lines = [order(number * 10 + n, [item("S1", "P1"), item("S2", "P1", 2)]) for n in range(3)]
    return Shipment("bazar-orders", f"orders-{number}.ndjson", ndjson(*lines))


def _guilty() -> Shipment:
    """Quantity and price are each within their bounds; their product is beyond numeric(18,4)."""
    lines = ndjson(
        order(77, [item("S1", "P1", 1_000_000, "999999999")]),
        order(78, [item("S1", "P1", 0)]),
        "{",
    )
    return Shipment("bazar-orders", "orders-guilty.ndjson", lines)


def test_a_guilty_delivery_is_found_by_halving(first_day: Settings, tmp_path: Path) -> None:
    good = [_good(number) for number in range(1, 5)]
    alone = marketplace.copy_of(first_day, tmp_path / "alone")
    marketplace.load(alone, good, tmp_path)
    marketplace.deliver(first_day, [*good[:2], _guilty(), *good[2:]], tmp_path)

    report = marketplace.run(first_day)

    guilty = sorted([*report.failed, *report.published])[2:3]
    assert list(report.failed) == guilty
    assert len(report.published) == 4
    assert "SQLSTATE 22003" in report.failed[guilty[0]]
    # The others stand as if the guilty one had never come.
    expected, state = portable(alone, ("dwh", "history")), portable(first_day, ("dwh", "history"))
    assert state == expected, differences(expected, state)
    with connect(first_day) as conn:
        tried = conn.execute(
            "SELECT count(DISTINCT batch_no) FROM journal.step WHERE status = 'FAIL'"
        ).fetchone()
        event = conn.execute("SELECT delivery_key, level, error_code FROM journal.event").fetchall()
    # The five, then the three of them that hold the guilty one, then it with its neighbour or
    # alone: every batch that failed was halved.
    assert tried is not None
    assert 3 <= tried[0] <= 4
    assert event == [(guilty[0], "ERROR", "delivery_failed")]

    # A failed delivery is tried again by the next run, and stays alone with its fault.
    again = marketplace.run(first_day)
    assert list(again.failed) == guilty
    assert again.published == []
    assert portable(first_day, ("dwh", "history")) == state
    assert unbalanced(first_day) == []
    with connect(first_day) as conn:
        rejects = conn.execute(
            "SELECT count(*) FROM quality.reject WHERE delivery_key = %s", guilty
        ).fetchone()
    assert rejects == (2,)
    assert staging_rows(first_day) == 0
