"""A part given back while the rest is in use: nothing of it lacks, nothing else changes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.backup.conftest import ask

from shopnow.backup import (
    BackupBusyError,
    BackupError,
    Kind,
    Part,
    Reach,
    Wish,
    compared,
    held_by,
    restore_part,
    run_backup,
)
from shopnow.kernel import SystemClock, connect
from shopnow.kernel.server import place_of
from shopnow.pipeline import audit_findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.backup import PartReport
    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

CLOCK = SystemClock()
LEAF = "dwh.fact_order_2025q1"


def give_back(settings: Settings, part: Part, *, apply: bool = True) -> PartReport:
    return restore_part(settings, CLOCK, Wish(part), apply=apply, progress=lambda _: None)


@pytest.fixture
def readers(shop: Settings) -> Iterator[list[BaseException]]:
    """Give what goes wrong for people who read other tables meanwhile; must stay empty."""
    wrong: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            with connect(shop, "shopnow_analyst") as conn:
                conn.execute("SET lock_timeout = '2s'")
                while not done.wait(0.02):
                    conn.execute("SELECT count(*) FROM mart.stock_daily")
        except BaseException as error:  # noqa: BLE001  # told to the test
            wrong.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    yield wrong
    done.set()
    thread.join()


@pytest.mark.parametrize(
    ("part", "damage"),
    [
        (Part(Reach.TABLE, "dwh.fact_order"), "DROP TABLE dwh.fact_order CASCADE"),
        (Part(Reach.TABLE, "dwh.dim_product"), "DROP TABLE dwh.dim_product CASCADE"),
        pytest.param(
            Part(Reach.TABLE, "history.product_change"),
            "TRUNCATE history.product_change",
            marks=pytest.mark.slow,
        ),
        (Part(Reach.PARTITION, LEAF), f"DROP TABLE {LEAF}"),
    ],
    ids=["facts dropped", "dimension dropped", "log emptied", "partition dropped"],
)
def test_a_part_comes_back_from_a_partial_backup_with_all_that_was_built_on_it(
    shop: Settings, readers: list[BaseException], part: Part, damage: str
) -> None:
    run_backup(shop, CLOCK, Kind.PARTIAL)
    before = held_by(shop)
    ask(shop, damage)
    report = give_back(shop, part)
    assert report.any
    difference = compared(before, held_by(shop))
    assert difference.same, difference
    assert audit_findings(shop, CLOCK) == []
    assert readers == []


@pytest.mark.slow
def test_a_mart_and_a_whole_schema_come_back_from_a_chain(shop: Settings) -> None:
    run_backup(shop, CLOCK, Kind.INCREMENTAL)
    before = held_by(shop)
    ask(shop, "DROP TABLE mart.seller_daily_sales CASCADE")
    assert give_back(shop, Part(Reach.MART, "seller_daily_sales")).objects
    assert compared(before, held_by(shop)).same
    ask(shop, "DROP SCHEMA mart CASCADE")
    assert give_back(shop, Part(Reach.SCHEMA, "mart")).objects
    assert compared(before, held_by(shop)).same


def test_the_rows_of_one_seller_come_back_and_those_of_others_keep_their_changes(
    shop: Settings, readers: list[BaseException]
) -> None:
    run_backup(shop, CLOCK, Kind.PARTIAL)
    (harmed,), (other,) = ask(
        shop, "SELECT DISTINCT seller_no FROM dwh.fact_order WHERE seller_no > 0 ORDER BY 1 LIMIT 2"
    )
    before = held_by(shop)
    ask(shop, f"UPDATE dwh.fact_order SET quantity = quantity + 1 WHERE seller_no = {harmed}")  # noqa: S608
    ask(shop, f"UPDATE dwh.fact_order SET currency = 'USD' WHERE seller_no = {other}")  # noqa: S608
    part = Part(Reach.SELLER, "x", harmed, ("dwh.fact_order",))
    seen = give_back(shop, part, apply=False)
    assert [d.changed > 0 for d in seen.differences] == [True]
    assert compared(before, held_by(shop)).tables  # comparing alone changed nothing
    give_back(shop, part)
    lines = "SELECT DISTINCT currency FROM dwh.fact_order WHERE seller_no ="
    currencies = ask(shop, f"{lines} {other}")
    assert currencies == [("USD",)]
    give_back(shop, Part(Reach.SELLER, "y", other, ("dwh.fact_order",)))
    assert compared(before, held_by(shop)).same
    assert readers == []


@pytest.mark.slow
def test_rows_of_later_deliveries_are_not_undone_unless_somebody_says_so(shop: Settings) -> None:
    run_backup(shop, CLOCK, Kind.PARTIAL)
    before = held_by(shop)
    ask(
        shop,
        "UPDATE dwh.fact_order SET delivery_key = 999999, quantity = 77"
        " WHERE order_id = (SELECT min(order_id) FROM dwh.fact_order WHERE line_no = 1)"
        " AND line_no = 1",
    )
    part = Part(Reach.TABLE, "dwh.fact_order")
    with pytest.raises(BackupError, match="plus récentes") as caught:
        give_back(shop, part)
    assert "--keep-newer" in caught.value.hint
    for keep, left in ((True, 1), (False, 0)):
        wish = Wish(part, keep_newer=keep)
        restore_part(shop, CLOCK, wish, apply=True, progress=lambda _: None)
        rows = ask(shop, "SELECT 1 FROM dwh.fact_order WHERE delivery_key = 999999")
        assert len(rows) == left
    assert compared(before, held_by(shop)).same


def test_nothing_is_given_back_while_a_load_is_under_way(shop: Settings) -> None:
    run_backup(shop, CLOCK, Kind.PARTIAL)
    ask(shop, "UPDATE dwh.dim_category SET path_fr = path_fr || '?'")
    with connect(shop, None, autocommit=False) as load:
        load.execute("LOCK TABLE journal.loader_lock IN SHARE UPDATE EXCLUSIVE MODE")
        with pytest.raises(BackupBusyError, match="chargement est en cours"):
            give_back(shop, Part(Reach.TABLE, "dwh.dim_category"))
        load.rollback()
    give_back(shop, Part(Reach.TABLE, "dwh.dim_category"))
    left = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'restore%'"
    assert ask(shop, left) == []
    assert ask(shop, "SELECT 1 FROM dwh.dim_category WHERE path_fr LIKE '%?'") == []


@pytest.mark.slow
@pytest.mark.parametrize("options", [["--backup"], []], ids=["from a chain", "from a dump"])
def test_a_restore_that_was_killed_leaves_nothing_that_the_next_one_does_not_clear(
    shop: Settings, options: list[str]
) -> None:
    run_backup(shop, CLOCK, Kind.PARTIAL)
    if options:
        options = [*options, run_backup(shop, CLOCK, Kind.INCREMENTAL).id]
    before = held_by(shop)
    place = place_of(shop)
    assert place
    left = "SELECT datname FROM pg_database WHERE datname LIKE 'restore%'"

    def traces() -> list[object]:
        return [*(place.root / "restore").glob("part-*/home/pg/data"), *ask(shop, left)]

    words = ["restore", "table", "dwh.dim_category", *options]
    environment = os.environ | {"SHOPNOW_HOME": str(shop.home), "SHOPNOW_SERVER_SYNC": "no"}
    shopnow = Path(sys.executable).with_name("shopnow")
    process = subprocess.Popen(
        [shopnow, *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    end = time.monotonic() + 60
    while not traces() and time.monotonic() < end:
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert traces()
    wish = Wish(Part(Reach.TABLE, "dwh.dim_category"), backup=options[1] if options else None)
    restore_part(shop, CLOCK, wish, apply=False, progress=lambda _: None)
    assert traces() == []
    assert held_by(shop) == before
