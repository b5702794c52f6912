"""Each part given back while people read and write the rest: no error, no wait, and how fast."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.backup.conftest import ask

from shopnow.backup import (
    Kind,
    Part,
    Reach,
    Wish,
    compared,
    held_by,
    restore_part,
    run_backup,
)
from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import ShopnowError, SystemClock, connect
from shopnow.pipeline import audit_findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.integration, pytest.mark.slow]

CLOCK = SystemClock()
LEAF = "dwh.fact_order_2025q1"
EVIDENCE = Path(__file__).parents[2] / "build" / "evidence" / "backup-parts.json"
# Nobody waits longer than this for a part that is not theirs, on a machine that has other work.
PATIENCE_SECONDS = 2.0


@dataclass
class Traffic:
    """People at work meanwhile: how long each statement took, and what went wrong."""

    settings: Settings
    took: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)

    def read(self, statement: str, expected: object) -> None:
        """Read as an analyst; always the same answer."""

        def once(conn: psycopg.Connection) -> None:
            found = conn.execute(statement.encode()).fetchone()
            if found != expected:
                self.wrong.append(f"{statement}: {found}, not {expected}")

        self._repeat("shopnow_analyst_detail", once)

    def write(self) -> None:
        """Write rows, each in a transaction of its own."""
        self._repeat(
            None,
            lambda conn: conn.execute(
                "INSERT INTO dwh.written SELECT coalesce(max(n), 0) + 1, now() FROM dwh.written"
            ),
        )

    def _repeat(self, role: str | None, what: Callable[[psycopg.Connection], object]) -> None:
        try:
            with connect(self.settings, role) as conn:
                conn.execute("SET lock_timeout = '2s'")
                while not self.done.wait(0.01):
                    began = time.monotonic()
                    what(conn)
                    self.took.append(time.monotonic() - began)
        except (psycopg.Error, ShopnowError) as error:
            self.wrong.append(str(error))


@contextmanager
def traffic(settings: Settings, statement: str) -> Iterator[Traffic]:
    """Let people read and write while the block runs."""
    one = Traffic(settings)
    with connect(settings, "shopnow_analyst_detail") as conn:
        expected = conn.execute(statement.encode()).fetchone()
    threads = [
        threading.Thread(target=one.read, args=(statement, expected)),
        threading.Thread(target=one.write),
    ]
    for thread in threads:
        thread.start()
    try:
        yield one
    finally:
        one.done.set()
        for thread in threads:
            thread.join()


def test_each_part_comes_back_alone_and_nobody_else_notices(shop: Settings) -> None:
    for kind in (Kind.INCREMENTAL, Kind.PARTIAL):
        run_backup(shop, CLOCK, kind)
    (harmed,), (other,) = ask(
        shop, "SELECT DISTINCT seller_no FROM dwh.fact_order WHERE seller_no > 0 ORDER BY 1 LIMIT 2"
    )
    products = "SELECT count(*), max(product_key) FROM dwh.dim_product"
    others = f"SELECT count(*), sum(quantity) FROM dwh.fact_order WHERE seller_no = {other}"  # noqa: S608
    wrong_update = f"UPDATE dwh.fact_order SET quantity = 7 * quantity WHERE seller_no = {harmed}"  # noqa: S608
    cases = [
        ("table", Part(Reach.TABLE, "dwh.fact_order"), "DROP TABLE dwh.fact_order CASCADE",
         products),
        ("partition", Part(Reach.PARTITION, LEAF), f"DROP TABLE {LEAF}", products),
        ("mart", Part(Reach.MART, "seller_daily_sales"),
         "DROP TABLE mart.seller_daily_sales CASCADE", others),
        ("seller", Part(Reach.SELLER, "x", harmed, ("dwh.fact_order",)), wrong_update, others),
    ]  # fmt: skip
    before = held_by(shop)
    figures = []
    for name, part, damage, statement in cases:
        ask(shop, damage)
        with traffic(shop, statement) as people:
            began = time.monotonic()
            report = restore_part(shop, CLOCK, Wish(part), apply=True, progress=lambda _: None)
            seconds = time.monotonic() - began
        assert report.any, name
        assert people.wrong == [], name
        assert len(people.took) > 10
        assert max(people.took) < PATIENCE_SECONDS, name
        difference = compared(before, held_by(shop), ignoring=["dwh.written"])
        assert difference.same, (name, difference)
        words = f"restauration seule, {name} :"
        figures += [
            Measured(f"{name}_seconds", round(seconds, 2), "s", f"{words} durée"),
            Measured(f"{name}_statements", len(people.took), "requêtes", f"{words} pendant"),
            Measured(f"{name}_slowest", round(max(people.took), 3), "s", f"{words} la plus lente"),
            Measured(f"{name}_errors", len(people.wrong), "erreurs", f"{words} erreurs"),
        ]
    assert audit_findings(shop, CLOCK) == []
    write_evidence(
        EVIDENCE,
        criterion="C16-09 : une partie rendue seule, le reste en service",
        command="pytest -m slow tests/backup/test_parts_in_use.py",
        figures=figures,
        measured_at=datetime.now(UTC),
        conditions={"database": "petite (50 Mo)", "people": "un lecteur, un écrivain, 10 ms"},
    )
