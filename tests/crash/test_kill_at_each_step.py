"""A run that is killed at any of its six steps, run again, ends as if nothing had happened.

The run is the installed command in a session of its own.  It is held where its step begins to
write, by a lock that the test takes on a table or on the key store, then its process group gets
SIGKILL; nothing in the product knows of the test.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests import marketplace
from tests.crash.conftest import command, kill_group, step_under_way, wait_until, waiters
from tests.warehouse_state import (
    differences,
    portable,
    staging_rows,
    unbalanced,
)

from shopnow.kernel import Home, SystemClock, connect
from shopnow.kernel.server import Server
from shopnow.privacy import KeyStore
from shopnow.staging import sweep_orphans

if TYPE_CHECKING:
    from pathlib import Path

    from tests.warehouse_state import Row

    from shopnow.kernel import Settings

pytestmark = pytest.mark.crash

# Step, and the lock on which the run stops in the middle of it: of sellers in steps 1 to 3, of
# products in step 4, of orders in steps 5 and 6.
HOLDS = {
    "ingest": (1, "LOCK TABLE staging.delivery_file IN ACCESS EXCLUSIVE MODE"),
    "quality": (2, "LOCK TABLE quality.reject IN SHARE MODE"),
    "normalise": (3, "LOCK TABLE staging.seller_row IN SHARE MODE"),
    "dimensions": (4, "LOCK TABLE history.product_change IN SHARE MODE"),
    "dimensions, late": (4, "LOCK TABLE dwh.dim_product IN SHARE MODE"),
    "facts": (5, "LOCK TABLE history.order_change IN SHARE MODE"),
    "facts, late": (5, "LOCK TABLE dwh.fact_payment IN SHARE MODE"),
    "publish": (6, "LOCK TABLE mart.seller_daily_sales IN SHARE MODE"),
    "publish, late": (6, "LOCK TABLE journal.published IN SHARE MODE"),
}


@pytest.mark.parametrize(
    "where",
    [pytest.param(name, marks=pytest.mark.slow) if "late" in name else name for name in HOLDS],
)
def test_killed_at_a_step_and_run_again(
    waiting: Settings, undisturbed: dict[str, list[Row]], where: str
) -> None:
    step, lock = HOLDS[where]
    with connect(waiting, None, autocommit=False) as holder, command(waiting, "run") as process:
        holder.execute(lock.encode())
        wait_until(
            lambda: step_under_way(waiting) == step and waiters(waiting) == 1,
            process, f"held at step {step}",
        )  # fmt: skip
        kill_group(process)
        holder.rollback()
    _run_again_and_compare(waiting, undisturbed)


def test_killed_between_the_rows_and_their_delivery(
    waiting: Settings, undisturbed: dict[str, list[Row]]
) -> None:
    # Every delivery counts as a large one: its rows are committed apart, before it.
    large = replace(waiting, copied_apart_bytes=1)
    _kill_when_rows_stand_apart(large)
    assert staging_rows(large) > 0
    _run_again_and_compare(large, undisturbed)


def test_killed_there_after_the_server_had_lost_the_rows(
    waiting: Settings, undisturbed: dict[str, list[Row]]
) -> None:
    large = replace(waiting, copied_apart_bytes=1)
    with connect(large, None, autocommit=False) as holder, command(large, "run") as process:
        holder.execute("LOCK TABLE history.product_change IN SHARE MODE")
        wait_until(
            lambda: step_under_way(large) == 4 and waiters(large) == 1, process, "held at step 4"
        )
        kill_group(process)
        holder.rollback()
    with connect(large, None) as superuser:
        # As the start of a fallen server does with unlogged tables.
        superuser.execute("TRUNCATE staging.product_row, staging.offer_row, staging.copied_apart")
    _kill_when_rows_stand_apart(large)
    _run_again_and_compare(large, undisturbed, killed=2)


def _kill_when_rows_stand_apart(settings: Settings) -> None:
    with connect(settings, None, autocommit=False) as holder, command(settings, "run") as process:
        holder.execute("LOCK TABLE quality.rule_result IN SHARE MODE")
        wait_until(
            lambda: step_under_way(settings) == 3 and waiters(settings) == 1,
            process, "held at the end of step 3",
        )  # fmt: skip
        kill_group(process)
        holder.rollback()


def test_killed_while_it_waits_for_the_key_store(
    waiting: Settings, undisturbed: dict[str, list[Row]]
) -> None:
    keys = Home(waiting.home).keystore
    with closing(sqlite3.connect(keys, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with command(waiting, "run") as process:
            wait_until(lambda: step_under_way(waiting) == 3, process, "held at step 3")
            kill_group(process)
        holder.execute("ROLLBACK")
    _run_again_and_compare(waiting, undisturbed)


def test_a_receipt_that_is_killed_leaves_nothing_readable(
    waiting: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "products-killed.csv"
    path.write_bytes(marketplace.day_one()[2].content + b"\n\n")
    words = ("ingest", str(path), "--source", "bazar-products")
    with connect(waiting, None, autocommit=False) as holder, command(waiting, *words) as process:
        holder.execute("LOCK TABLE staging.delivery IN ACCESS EXCLUSIVE MODE")
        wait_until(lambda: waiters(waiting) == 1, process, "held at receipt")
        kill_group(process)
        holder.rollback()
    with command(waiting, *words) as process:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "reçue" in said
    # What the killed one had sealed belongs to nobody: file and key go together.
    soon = datetime.now(UTC) + timedelta(minutes=1)
    with connect(waiting) as conn, KeyStore(waiting.home, SystemClock()) as keystore:
        landed = conn.execute("SELECT count(*) FROM staging.delivery_file").fetchone()
        swept = sweep_orphans(conn, waiting, keystore, soon)
    assert (swept.files, swept.keys) == (1, 1)
    assert landed is not None
    left = [path for path in (waiting.home / "landing").rglob("*") if path.is_file()]
    assert len(left) == landed[0]


def test_the_database_is_killed_while_facts_are_loaded(
    test_server: Settings, waiting: Settings, undisturbed: dict[str, list[Row]]
) -> None:
    server = Server(test_server)
    with connect(waiting, None) as superuser:
        # The sequences of a copied database are only safe from a checkpoint on.
        superuser.execute("CHECKPOINT")
    holder = connect(waiting, None, autocommit=False)
    try:
        with command(waiting, "run") as process:
            holder.execute("LOCK TABLE dwh.fact_payment IN SHARE MODE")
            wait_until(
                lambda: step_under_way(waiting) == 5 and waiters(waiting) == 1,
                process, "held at step 5",
            )  # fmt: skip
            assert staging_rows(waiting) > 0
            # Steps 1 to 3 commit without waiting for the disk: here they have reached it.
            with connect(waiting, None) as superuser:
                superuser.execute("CHECKPOINT")
            server.kill()
            # The command ends by itself, with a word about what to do and no traceback.
            _, said = process.communicate(timeout=60)
            assert process.returncode == 3, said
            assert "Traceback" not in said
    finally:
        holder.close()
        server.start()
    # Rows as delivered are not logged: the server lost them, the sealed files have them.
    assert staging_rows(waiting) == 0
    with connect(waiting) as conn:
        states = conn.execute(
            "SELECT count(*) FROM staging.delivery WHERE state = 'normalised'"
        ).fetchone()
    assert states == (2,)
    _run_again_and_compare(waiting, undisturbed)


def _run_again_and_compare(
    settings: Settings, undisturbed: dict[str, list[Row]], *, killed: int = 1
) -> None:
    report = marketplace.run(settings, at=datetime.now(UTC))
    assert not report.failed, report.failed
    assert not report.refused, report.refused
    state = portable(settings)
    assert state == undisturbed, differences(undisturbed, state)
    assert unbalanced(settings) == []
    assert staging_rows(settings) == 0
    with connect(settings) as conn:
        runs = conn.execute("SELECT status FROM journal.run ORDER BY run_id").fetchall()
        steps = conn.execute(
            "SELECT DISTINCT run_id, status FROM journal.step ORDER BY 1, 2"
        ).fetchall()
    assert [status for (status,) in runs] == ["done", *["abandoned"] * killed, "done"]
    assert (2, "ABANDONED") in steps
    assert "START" not in {status for _, status in steps}
