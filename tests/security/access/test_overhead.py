"""What row policies cost: a seller's query against the same with an explicit filter, as the owner.

Both in the same session of measuring, one after the other, best of several. 10 million order lines
unless OVERHEAD_LINES says otherwise; the figures go to build/evidence.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

import pytest
from psycopg import sql
from tests.security.access.conftest import CLOCK, login, own_warehouse

from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import Settings, connect
from shopnow.security import apply_grants, plan_seller

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from psycopg.rows import TupleRow

pytestmark = [pytest.mark.integration, pytest.mark.security, pytest.mark.slow]
EVIDENCE = Path(__file__).parents[3] / "build" / "evidence"
LINES = int(os.environ.get("OVERHEAD_LINES", "10000000"))
SELLERS = 1_000
RUNS = 7
COMMAND = "pytest -m slow tests/security/access/test_overhead.py"
QUERIES: dict[str, LiteralString] = {
    "total": "SELECT count(*), sum(line_amount) FROM dwh.fact_order",
    "by_month": "SELECT date_trunc('month', order_on), sum(line_amount), count(*)"
    " FROM dwh.fact_order GROUP BY 1",
}
FILTERED: dict[str, LiteralString] = {
    "total": "SELECT count(*), sum(line_amount) FROM dwh.fact_order WHERE seller_no = 17",
    "by_month": "SELECT date_trunc('month', order_on), sum(line_amount), count(*)"
    " FROM dwh.fact_order WHERE seller_no = 17 GROUP BY 1",
}
LOADED: LiteralString = (
    "INSERT INTO dwh.fact_order (seller_no, order_id, line_no, order_on, seller_key, product_key,"
    " customer_key, customer_no, ordered_at, quantity, unit_price, line_amount, freight_amount,"
    " commission_amount, currency, order_ref, said_at, source_rank, content_hash, batch_no,"
    " delivery_key, record_no, source_line)"
    # In the order of days, as a marketplace delivers: the sellers lie mixed.
    " SELECT 1 + n %% %(sellers)s, 'order-' || n, 1,"
    " DATE '2024-01-01' + (n * 731 / %(lines)s)::int, 1, 1, -1, -1, '2024-01-01', 1, 10, 10, 0,"
    " 1, 'EUR', 'ref-' || n, '2024-01-01', 0, n, 1, 1, 1, n"
    " FROM generate_series(0::bigint, %(lines)s - 1) AS n"
)


@pytest.fixture(scope="module")
def big(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    for settings in own_warehouse(test_server, tmp_path_factory.mktemp("big")):
        with connect(settings, "shopnow_owner") as conn:
            conn.execute(
                "INSERT INTO security.seller (seller_no, opened_on)"
                " SELECT n, '2024-01-01' FROM generate_series(1, %(sellers)s) AS n",
                {"sellers": SELLERS},
            )
            conn.execute(
                "INSERT INTO security.seller_identifier (source, seller_id, valid_from, seller_no)"
                " SELECT 'olist', 'S' || n, '1900-01-01', n"
                " FROM generate_series(1, %(sellers)s) AS n",
                {"sellers": SELLERS},
            )
            quarters = [
                f"{year}-{month:02d}-01" for year in (2024, 2025) for month in (1, 4, 7, 10)
            ]
            for first, following in zip(quarters, [*quarters[1:], "2026-01-01"], strict=True):
                name = f"fact_order_{first[:4]}q{(int(first[5:7]) + 2) // 3}"
                partition = sql.SQL(
                    "CREATE TABLE dwh.{} PARTITION OF dwh.fact_order FOR VALUES FROM ({}) TO ({})"
                )
                conn.execute(partition.format(sql.Identifier(name), first, following))
            conn.execute(LOADED, {"lines": LINES, "sellers": SELLERS})
            conn.execute("VACUUM ANALYZE dwh.fact_order")
        yield settings


def best(conn: psycopg.Connection[TupleRow], query: LiteralString) -> tuple[float, Any]:
    """Seconds of the fastest of several runs, and what they gave."""
    seconds, rows = [], None
    for _ in range(RUNS):
        began = time.perf_counter()
        rows = conn.execute(query).fetchall()
        seconds.append(time.perf_counter() - began)
    return min(seconds), sorted(rows or ())


def plan_of(conn: psycopg.Connection[TupleRow]) -> str:
    """The plan that the seller's query gets now."""
    return str(conn.execute("EXPLAIN " + QUERIES["total"]).fetchall())


def test_policies_cost_a_fifth_at_most(big: Settings) -> None:
    granted = apply_grants(big, CLOCK, [plan_seller(big, CLOCK, ["S17"], login="mesure")])[0]
    figures, ratios = [], {}
    with login(big, granted) as seller, connect(big, "shopnow_owner") as owner:
        seller.execute("SET statement_timeout = 0")
        # A prepared plan would outlive the settings below, and measure the same plan twice.
        seller.prepare_threshold = owner.prepare_threshold = None
        for scans in ("on", "off"):
            for conn in (seller, owner):
                for kind in ("enable_indexscan", "enable_bitmapscan", "enable_indexonlyscan"):
                    conn.execute("SELECT set_config(%s, %s, FALSE)", [kind, scans])
            if scans == "off":
                assert "Seq Scan" in plan_of(seller)
                assert "Index" not in plan_of(seller)
            for name, query in QUERIES.items():
                explicit, expected = best(owner, FILTERED[name])
                guarded, seen = best(seller, query)
                assert seen == expected
                ratios[scans, name] = guarded / explicit
                label = "index" if scans == "on" else "sans index"
                figures += [
                    Measured(
                        f"{name}_{scans}_owner", explicit * 1000, "ms", f"filtre écrit, {label}"
                    ),
                    Measured(f"{name}_{scans}_seller", guarded * 1000, "ms", f"politique, {label}"),
                    Measured(f"{name}_{scans}_ratio", guarded / explicit, "×", f"rapport, {label}"),
                ]
        plan = str(seller.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + QUERIES["total"]).fetchone())
    # Asked once, however many rows and partitions there are.
    assert plan.count("'Subplan Name': 'InitPlan 1'") == 1
    write_evidence(
        EVIDENCE / "policy-overhead.json",
        criterion="C16-15",
        command=COMMAND,
        figures=figures,
        measured_at=CLOCK.now(),
        conditions={
            "lines": str(LINES), "sellers": str(SELLERS), "runs": str(RUNS),
            "load": " ".join(f"{one:.1f}" for one in os.getloadavg()),
        },
    )  # fmt: skip
    assert max(ratio for (scans, _), ratio in ratios.items() if scans == "on") <= 1.2
    assert max(ratio for (scans, _), ratio in ratios.items() if scans == "off") <= 5
