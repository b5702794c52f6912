"""Many small deliveries: taken in together as they would be alone, and fast.

Ten thousand deliveries of ten rows are received and loaded in less than a minute; the run of every
day measures five hundred.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest
from benchmarks.evidence import Evidence, Figure, machine, write_evidence
from psycopg import sql
from tests import marketplace
from tests.marketplace import NOON, Shipment, click, csv, ndjson
from tests.warehouse_state import differences, portable, unbalanced

from shopnow.kernel import FixedClock, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import Conductor, Context, receive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings

HEADS = {
    "products": "seller,sku,title,brand,ean,category,status,updated_at",
    "offers": "seller,sku,price,currency,stock,available,observed_at",
}
SECONDS_FOR_10_000 = 60
_EVIDENCE = Path(__file__).resolve().parents[2] / "build" / "evidence"


def _dirty() -> list[Shipment]:
    """Small files of three feeds, with every kind of dirt, empty and broken files among them."""
    by_source = {shipment.source: shipment for shipment in marketplace.day_two()}
    by_source |= {f"{s.source} 1": s for s in marketplace.day_one()}
    lines = {
        kind: [
            line
            for day in ("", " 1")
            for line in by_source[f"bazar-{kind}{day}"].content.decode().splitlines()[1:]
        ]
        for kind in ("products", "offers")
    }
    lines["products"] += [
        "NEW1,N1,By a newcomer,,,Maison,active,2025-03-01T08:00:00Z",
        "NEW1,N2,No time,,,Maison,active,",
        'S1,X1,"two\nlines",,,Maison,active,2025-03-01T08:00:00Z',
        "S1,X2,Bad,,123,Maison,active,demain",
        "S1,X3,Twice A,,,Maison,active,2025-03-01T08:00:00Z",
        "S1,X3,Twice B,,,Maison,active,2025-03-01T08:00:00Z",
    ]
    clicks = [ndjson(click(n)).decode().strip() for n in range(20)] + ["not json", "{}"]
    shipments = [
        Shipment(f"bazar-{kind}", f"{kind}-{number}.csv", csv(HEADS[kind], *part))
        for kind, of_kind in lines.items()
        for number, part in enumerate(_parts(of_kind))
    ]
    shipments += [
        Shipment("bazar-clicks", f"clicks-{number}.ndjson", csv(*part))
        for number, part in enumerate(_parts(clicks))
    ]
    return [
        *shipments,
        Shipment("bazar-products", "products-header.csv", csv(HEADS["products"])),
        Shipment("bazar-products", "products-empty.csv", b"\n"),
        Shipment("bazar-products", "products-cut.csv", csv(HEADS["products"]) + b'S1,P1,"Cas'),
        Shipment("bazar-offers", "offers-binary.csv", bytes(range(256)) * 4),
    ]


def _parts(lines: Sequence[str]) -> list[list[str]]:
    pick = random.Random(7)  # noqa: S311 — examples, not secrets
    mixed = [*lines, *lines[::3]]
    pick.shuffle(mixed)
    return [mixed[at : at + 5] for at in range(0, len(mixed), 5)]


# What steps 1 to 3 say of a delivery; its own key and the numbers of its lines are part of it.
_SAID = {
    "staging.delivery": "delivery_key, state, lines, records, rejected, blank, unreadable,"
    " CASE WHEN state = 'published' THEN keys_distinct END",
    "quality.reject": "delivery_key, file_no, line_no, record_no, kind, seller_no, rule_codes,"
    " columns",
    "quality.warning": "delivery_key, line_no, record_no, seller_no, rule_code, column_name",
    "quality.cleaning": "delivery_key, line_no, record_no, rule_code, column_name, before, after",
    "quality.rule_result": "delivery_key, rule_code, checked, failed",
    "journal.step": "delivery_key, step, status, rows_in, rows_out, rows_rejected",
    "history.product_change": "delivery_key, record_no, source_line, seller_no, product_id",
}


_ONLY = {
    "journal.step": "AND step <= 3",
    "quality.warning": "AND rule_code NOT IN ('ambiguous_order', 'near_duplicate_product')",
    "quality.rule_result": "AND rule_code NOT IN ('ambiguous_order', 'near_duplicate_product')",
}


_OF_PUBLISHED = sql.SQL(
    "SELECT {columns} FROM {table} WHERE delivery_key IN"
    " (SELECT delivery_key FROM staging.delivery WHERE state = 'published') {only}"
)


def _said(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Sets of rows; of refused files and of steps 4 to 6 nothing.

    Who is told of an ambiguous order, or of a like product, depends on what was loaded before.
    """
    with connect(settings, None) as conn:
        return {
            table: sorted(
                conn.execute(
                    _OF_PUBLISHED.format(
                        columns=sql.SQL(columns),
                        table=sql.Identifier(*table.split(".")),
                        only=sql.SQL(_ONLY.get(table, "")),
                    )
                ).fetchall(),
                key=repr,
            )
            for table, columns in _SAID.items()
        }


def test_small_deliveries_together_are_what_they_are_alone(
    first_day: Settings, tmp_path: Path
) -> None:
    alone = marketplace.copy_of(first_day, tmp_path / "alone")
    for shipment in _dirty():
        marketplace.deliver(alone, [shipment], tmp_path)
        marketplace.run(alone)

    marketplace.deliver(first_day, _dirty(), tmp_path)
    heard: list[str] = []
    with Context.open(first_day, FixedClock(NOON)) as context:
        report = Conductor(context, heard.append).run()

    assert not report.failed, report.failed
    assert len(report.refused) == 3
    together = [line for line in heard if "ensemble" in line]
    assert len(together) == 3, "each feed's small files went together"
    said, theirs = _said(first_day), _said(alone)
    assert said == theirs, differences(theirs, said)
    state, expected = portable(first_day, ("dwh",)), portable(alone, ("dwh",))
    assert state == expected, differences(expected, state)
    assert unbalanced(first_day) == []
    drop_database(first_day, alone.database)


def _ten_rows(number: int, deliveries: int) -> bytes:
    """Rows about products that other deliveries speak of too, at other times."""
    return csv(HEADS["products"], *(
        f"S{(number + row) % 2 + 1},K{(number * 7 + row * 13) % (deliveries * 3)},"
        f"Title {number % 7},,,Maison,{('active', 'paused')[(number + row) % 3 // 2]},"
        f"2025-03-0{number % 9 + 1}T{number // 3600 % 24:02d}:{number // 60 % 60:02d}"
        f":{number % 60:02d}Z"
        for row in range(10)
    ))  # fmt: skip


@pytest.mark.parametrize("deliveries", [500, pytest.param(10_000, marks=pytest.mark.slow)])
def test_deliveries_of_ten_rows_load_fast(
    first_day: Settings, tmp_path: Path, deliveries: int
) -> None:
    path = tmp_path / "products.csv"
    began = perf_counter()
    with Context.open(first_day, FixedClock(NOON)) as context, connect(first_day) as conn:
        source = context.source("bazar-products")
        for number in range(deliveries):
            path.write_bytes(_ten_rows(number, deliveries))
            receive(context, source, [path], conn=conn)
        received = perf_counter() - began
        report = Conductor(context).run()
    loaded = perf_counter() - began - received

    assert len(report.published) == deliveries
    assert unbalanced(first_day) == []
    # Five hundred may take as long as ten thousand do where much else goes on.
    assert loaded < SECONDS_FOR_10_000
    name = f"small-deliveries-{deliveries}"
    figures = [
        Figure("deliveries of 10 rows", deliveries, "count"),
        Figure("receipt: sealed and registered", round(received, 2), "second"),
        Figure("load: steps 1 to 6", round(loaded, 2), "second"),
        Figure("receipt and load", round(received + loaded, 2), "second"),
    ]
    test = test_deliveries_of_ten_rows_load_fast
    file = Path(__file__).relative_to(_EVIDENCE.parents[1]).as_posix()
    write_evidence(
        _EVIDENCE / f"{name}.json",
        Evidence(
            id=name,
            criterion="10,000 deliveries of 10 rows load in under 60 s",
            command=f"python -m pytest {file} -k '{test.__name__} and {deliveries}' -m ''",
            figures=figures,
            measured_at=datetime.now(UTC),
            machine=machine(),
            conditions={"fsync of the server": "off", "runs": "1"},
        ),
    )
