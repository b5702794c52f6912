"""A delivery that says nothing new writes no dimension row: by the server's counts and by its WAL.

The same bytes come again for another day (full and delta), and the same lines in another order
for the same day.  What the statistics count and what the WAL holds of the dimensions' tables and
indexes is measured by the server itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from benchmarks.evidence import Evidence, Figure, machine, write_evidence
from psycopg import sql
from tests import marketplace
from tests.marketplace import Shipment, csv
from tests.marketplace_sources import CUSTOMERS_YAML, PRODUCTS_YAML, SELLERS_YAML

from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings

DIMENSIONS = ("dim_seller", "dim_product", "dim_customer")
LOGS = ("seller_change", "product_change", "customer_change")
PRODUCTS, CUSTOMERS = 2_000, 500
_EVIDENCE = Path(__file__).resolve().parents[2] / "build" / "evidence"


@dataclass(frozen=True)
class Written:
    """Rows that a load wrote, by table, and bytes of WAL: of the dimensions, and in all."""

    rows: dict[str, int]
    dimension_bytes: int
    all_bytes: int

    def of(self, tables: Sequence[str]) -> int:
        return sum(self.rows[table] for table in tables)


def _undated(yaml: str, mode: str) -> str:
    """The source without a time of its own in its records: the delivery's time is theirs."""
    lines = [line for line in yaml.splitlines() if "effective_at" not in line]
    text = "\n".join(lines).replace("name: bazar-", f"name: {mode}-")
    return text.replace("\nformat:", f"\nmode: {mode}\nformat:") + "\n"


def _prepared(settings: Settings) -> None:
    folder = settings.home / "sources" / "platform"
    for mode in ("full", "delta"):
        for yaml, name in (
            (SELLERS_YAML, "sellers"), (PRODUCTS_YAML, "products"), (CUSTOMERS_YAML, "customers"),
        ):  # fmt: skip
            (folder / f"{mode}-{name}.yaml").write_text(_undated(yaml, mode), "utf-8")
    with connect(settings, None) as superuser:
        superuser.execute("CREATE EXTENSION pg_walinspect")
        for name in DIMENSIONS:
            # A vacuum that happens to come would write what no delivery wrote.
            superuser.execute(
                sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)").format(
                    sql.Identifier("dwh", name)
                )
            )


def _shipments(mode: str, *, backwards: bool = False) -> list[Shipment]:
    sellers = [f"S{n};Seller {n};;FR;Lyon;active;10;Maison;;;;" for n in range(1, 6)]
    products = [
        f"S{n % 5 + 1},K{n},Title {n},Brand,,Maison,active," for n in range(PRODUCTS)
    ]  # fmt: skip
    customers = [f"C{n},FR,Lyon,69002,fidèle,,,,," for n in range(CUSTOMERS)]
    heads = {
        "sellers": "code;nom;siren;pays;ville;statut;commission;rayon;depuis;contact;courriel;"
        "telephone",
        "customers": "id,country,city,zip,segment,full_name,mail,phone,street,updated_at",
        "products": "seller,sku,title,brand,ean,category,status,updated_at",
    }
    lines = {"sellers": sellers, "customers": customers, "products": products}
    return [
        Shipment(
            f"{mode}-{feed}",
            f"{feed}.csv",
            csv(heads[feed], *(lines[feed][::-1] if backwards else lines[feed])),
        )
        for feed in heads
    ]


def _counts(settings: Settings) -> dict[str, int]:
    """Rows ever inserted, updated and deleted, by table: read when all sessions are closed."""
    with connect(settings, None) as conn:
        conn.execute("SELECT pg_stat_clear_snapshot()")
        return dict(
            conn.execute(
                "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables"
                " WHERE schemaname IN ('dwh', 'history') AND relname = ANY(%s)",
                [[*DIMENSIONS, *LOGS]],
            ).fetchall()
        )


def _measured(
    settings: Settings, shipments: Sequence[Shipment], folder: Path, effective_at: datetime
) -> Written:
    """Deliver, then measure what the run writes; nothing else writes to this server meanwhile."""
    receipts = marketplace.deliver(settings, shipments, folder, effective_at=effective_at)
    assert [receipt.verdict for receipt in receipts] == ["new"] * len(shipments)
    with connect(settings, None) as conn:
        # Reading a page may tidy it up, which is WAL too: what was left is tidied up first.
        for name in DIMENSIONS:
            conn.execute(sql.SQL("VACUUM {}").format(sql.Identifier("dwh", name)))
        before = _counts(settings)
        start = conn.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        report = marketplace.run(settings)
        assert len(report.published) == len(shipments), report
        end = conn.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        # Only what has reached the file can be inspected: this commit takes the rest with it.
        conn.execute("SELECT pg_logical_emit_message(TRUE, 'test', 'end')")
        assert start is not None
        assert end is not None
        row = conn.execute(_WAL, {"starts": start[0], "ends": end[0]}).fetchone()
    after = _counts(settings)
    assert row is not None
    return Written({t: after[t] - before[t] for t in after}, int(row[0]), int(row[1]))


# Bytes of the WAL records that touch a page of a dimension or of its indexes, and of all records.
_WAL = """
WITH own AS (
    SELECT oid FROM pg_class
    WHERE relnamespace = 'dwh'::regnamespace
        AND relname IN ('dim_seller', 'dim_product', 'dim_customer')
),
touching AS (
    SELECT DISTINCT block.start_lsn, block.record_length
    FROM pg_get_wal_block_info(%(starts)s::pg_lsn, %(ends)s::pg_lsn) AS block
    WHERE block.relfilenode IN (
        SELECT pg_relation_filenode(oid) FROM own
        UNION ALL
        SELECT pg_relation_filenode(indexrelid) FROM pg_index WHERE indrelid IN (TABLE own)
    )
)
SELECT coalesce(sum(record_length), 0), %(ends)s::pg_lsn - %(starts)s::pg_lsn FROM touching
"""


@pytest.mark.parametrize("mode", ["full", "delta"])
def test_an_unchanged_delivery_writes_no_dimension_row(
    first_day: Settings, tmp_path: Path, mode: str
) -> None:
    _prepared(first_day)
    day = datetime(2025, 3, 7, tzinfo=UTC)

    first = _measured(first_day, _shipments(mode), tmp_path, day)
    again = _measured(first_day, _shipments(mode), tmp_path, day + timedelta(days=1))
    other = _measured(first_day, _shipments(mode, backwards=True), tmp_path, day)

    records = 5 + PRODUCTS + CUSTOMERS
    assert first.of(DIMENSIONS) >= records
    assert first.dimension_bytes > 50 * records, "the measure sees what a first load writes"
    for unchanged in (again, other):
        assert {name: unchanged.rows[name] for name in DIMENSIONS} == dict.fromkeys(DIMENSIONS, 0)
        assert unchanged.dimension_bytes == 0
    assert other.of(LOGS) == 0
    # In a delta another time is news, if the only one: a narrow confirmation a record.  A full
    # delivery implies it.
    assert again.of(LOGS) == (records if mode == "delta" else 0)
    assert again.all_bytes < first.all_bytes
    _prove(mode, records, first, again, other)


def _prove(mode: str, records: int, first: Written, again: Written, other: Written) -> None:
    named = {
        "first load": first, "same bytes, another day": again,
        "same lines in another order, same day": other,
    }  # fmt: skip
    figures = [Figure("records a delivery", records, "count")]
    for name, written in named.items():
        figures += [
            Figure(f"{name}: dimension rows written", written.of(DIMENSIONS), "count"),
            Figure(f"{name}: change log rows written", written.of(LOGS), "count"),
            Figure(f"{name}: WAL of the dimensions", written.dimension_bytes, "byte"),
            Figure(f"{name}: WAL of the whole run", written.all_bytes, "byte"),
        ]
    test = test_an_unchanged_delivery_writes_no_dimension_row
    file = Path(__file__).relative_to(_EVIDENCE.parents[1]).as_posix()
    write_evidence(
        _EVIDENCE / f"unchanged-{mode}.json",
        Evidence(
            id=f"unchanged-{mode}",
            criterion="an unchanged delivery writes 0 dimension rows (pg_stat and WAL bytes)",
            command=f"python -m pytest {file} -k {test.__name__}",
            figures=figures,
            measured_at=datetime.now(UTC),
            machine=machine(),
            conditions={"mode": mode, "full_page_writes": "off", "WAL read by": "pg_walinspect"},
        ),
    )
