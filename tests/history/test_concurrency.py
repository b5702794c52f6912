"""Loaders at once end in one history, as if they had come one by one (scd.md S19, S23).

Every loader is a thread or a process with connections of its own and goes through the public
pipeline: it delivers its file, then runs.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import TYPE_CHECKING

from tests import marketplace
from tests.crash.conftest import command, step_under_way, wait_until, waiters
from tests.marketplace import Shipment, csv, item, ndjson, order
from tests.warehouse_state import differences, portable, staging_rows, unbalanced

from shopnow.kernel import connect
from shopnow.kernel.server import drop_database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shopnow.kernel import Settings

PRODUCTS = "seller,sku,title,brand,ean,category,status,updated_at"
EARLY = 50
# Facts are bound to the versions known when they came; a job re-ties them later (scd.md R7).
_BOUND = frozenset({"seller_key", "product_key", "customer_key", "category_id"})


def _products(number: int, *lines: str) -> Shipment:
    return Shipment("bazar-products", f"products-{number}.csv", csv(PRODUCTS, *lines))


def _early_order(number: int) -> Shipment:
    """One order of day `number % 9 + 1` that names a seller and a product nobody knows."""
    text = ndjson(
        order(
            1000 + number,
            [item("S77", "Z1", 1, "10")],
            bought_at=f"2025-03-0{number % 9 + 1}T10:00:00Z",
            sent_at=f"2025-03-0{number % 9 + 1}T10:00:05Z",
        )
    )
    return Shipment("bazar-orders", f"orders-{number}.ndjson", text)


def _all_at_once(
    settings: Settings, shipments: Sequence[Shipment], folder: Path, loaders: int
) -> None:
    """Each shipment is delivered by a thread of its own, all at once; so many of them also run."""
    start = Barrier(len(shipments))

    def one(shipment: Shipment, *, runs: bool) -> None:
        start.wait()
        marketplace.deliver(settings, [shipment], folder / shipment.name)
        if runs:
            _run(settings)

    with ThreadPoolExecutor(len(shipments)) as threads:
        started = [
            threads.submit(one, shipment, runs=number < loaders)
            for number, shipment in enumerate(shipments)
        ]
        for done in started:
            done.result()
    # What was delivered after the last of them had looked.
    _run(settings)


def _run(settings: Settings) -> None:
    report = marketplace.run(settings)
    assert not report.failed, report.failed
    assert not report.refused, report.refused


def _one_after_the_other(
    settings: Settings,
    shipments: Sequence[Shipment],
    folder: Path,
    leave_out: frozenset[str] = frozenset(),
) -> dict[str, list[tuple[tuple[str, object], ...]]]:
    copy = marketplace.copy_of(settings, folder / "serial")
    marketplace.load(copy, shipments, folder)
    state = portable(copy, ("dwh",), leave_out=leave_out)
    drop_database(settings, copy.database)
    return state


def test_loaders_of_one_product_at_once_leave_one_history(
    first_day: Settings, tmp_path: Path
) -> None:
    # Twelve deliveries about one key: of one instant and of several, late ones among them.
    shipments = [
        _products(
            number,
            f"S1,P1,Title {number},,,Maison,{('active', 'paused')[number % 2]},"
            f"2025-03-0{number // 3 + 3}T08:00:00Z",
        )
        for number in range(12)
    ]
    expected = _one_after_the_other(first_day, shipments, tmp_path)

    _all_at_once(first_day, shipments[::-1], tmp_path, 12)

    state = portable(first_day, ("dwh",))
    assert state == expected, differences(expected, state)
    assert unbalanced(first_day) == []
    assert staging_rows(first_day) == 0
    with connect(first_day) as conn:
        current = conn.execute(
            "SELECT count(*) FROM dwh.dim_product WHERE product_id = 'P1' AND seller_no = 1"
            " AND is_current"
        ).fetchone()
    assert current == (1,)


def test_a_process_that_comes_while_another_loads_the_same_key(
    first_day: Settings, tmp_path: Path
) -> None:
    one, other = (
        _products(number, f"S1,P1,Title {number},,,Maison,paused,2025-03-0{number}T08:00:00Z")
        for number in (6, 4)
    )
    expected = _one_after_the_other(first_day, [one, other], tmp_path)
    marketplace.deliver(first_day, [one], tmp_path)
    with connect(first_day, None, autocommit=False) as holder:
        holder.execute("LOCK TABLE history.product_change IN SHARE MODE")
        with command(first_day, "run") as first, command(first_day, "run") as second:
            wait_until(
                lambda: step_under_way(first_day) == 4 and waiters(first_day) == 2,
                first, "one held in the middle, the other behind it",
            )  # fmt: skip
            marketplace.deliver(first_day, [other], tmp_path)
            holder.rollback()
            said = [process.communicate(timeout=60) for process in (first, second)]
            assert [first.returncode, second.returncode] == [0, 0], said
    state = portable(first_day, ("dwh",))
    assert state == expected, differences(expected, state)
    assert unbalanced(first_day) == []


def test_fifty_early_facts_at_once_make_one_inferred_member(
    first_day: Settings, tmp_path: Path
) -> None:
    shipments = [_early_order(number) for number in range(EARLY)]

    _all_at_once(first_day, shipments, tmp_path, 10)

    with connect(first_day) as conn:
        numbers = conn.execute(
            "SELECT seller_no FROM security.seller_identifier WHERE seller_id = 'S77'"
        ).fetchall()
        sellers = conn.execute(
            "SELECT seller_key, is_inferred, version, valid_from FROM dwh.dim_seller"
            " WHERE seller_id = 'S77'"
        ).fetchall()
        early = conn.execute(
            "SELECT product_key, is_inferred FROM dwh.dim_product"
            " WHERE seller_no = %s AND product_id = 'Z1'",
            numbers[0],
        ).fetchall()
        bound = conn.execute(
            "SELECT count(*), count(DISTINCT order_id), array_agg(DISTINCT product_key),"
            " array_agg(DISTINCT seller_key) FROM dwh.fact_order WHERE seller_no = %s",
            numbers[0],
        ).fetchall()
    assert len(numbers) == 1
    assert [(inferred, version) for _, inferred, version, _ in sellers] == [(True, 1)]
    assert [inferred for _, inferred in early] == [True]
    key = early[0][0]
    assert bound == [(EARLY, EARLY, [key], [sellers[0][0]])]

    # The real statement fills the one member in place, whatever its date; no fact moves (S21).
    real = _products(1, "S77,Z1,Known at last,,,Maison,active,2025-03-05T08:00:00Z")
    marketplace.load(first_day, [real], tmp_path)
    with connect(first_day) as conn:
        upgraded = conn.execute(
            "SELECT product_key, is_inferred, valid_from, title FROM dwh.dim_product"
            " WHERE seller_no = %s AND product_id = 'Z1'",
            numbers[0],
        ).fetchall()
        moved = conn.execute(
            "SELECT count(*) FROM dwh.fact_order WHERE seller_no = %s AND product_key <> %s",
            [*numbers[0], key],
        ).fetchone()
    assert upgraded == [
        (key, False, datetime.fromisoformat("2025-03-05T08:00:00Z"), "Known at last")
    ]
    assert moved == (0,)


def test_early_facts_and_the_member_they_wait_for_at_once(
    first_day: Settings, tmp_path: Path
) -> None:
    real = [
        _products(number, f"S77,Z1,Title {number},,,Maison,active,2025-03-0{number}T08:00:00Z")
        for number in (3, 5)
    ]
    shipments = [*(_early_order(number) for number in range(10)), *real]
    expected = _one_after_the_other(first_day, shipments, tmp_path, _BOUND)

    _all_at_once(first_day, shipments, tmp_path, 10)

    state = portable(first_day, ("dwh",), leave_out=_BOUND)
    assert state == expected, differences(expected, state)
