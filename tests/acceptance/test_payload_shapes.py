"""Each payload shape P1 to P17 loads through the example sources, without a change of code."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

import pytest
from tests.acceptance.payload_samples import (
    P1,
    P2,
    P7,
    P8,
    P15,
    RUN_AT,
    SAMPLES,
    Event,
    Rows,
    Sample,
)
from tests.warehouse_state import differences, exact, portable

from shopnow.kernel import FixedClock, connect
from shopnow.kernel.server import create_database, drop_database
from shopnow.pipeline import Conductor, Context, Receipt, receive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from shopnow.kernel import Settings

pytestmark = [pytest.mark.acceptance, pytest.mark.integration]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "shopnow-events"

QUESTIONS: dict[str, LiteralString] = {
    "lines": """
        SELECT s.seller_id, f.order_id, CASE WHEN f.line_no > 1000 THEN 'made'
            ELSE f.line_no::text END, p.product_id, f.quantity, f.unit_price, f.currency,
            f.ordered_at, f.line_status, f.buyer_region
        FROM dwh.fact_order AS f
        JOIN dwh.dim_seller AS s ON s.seller_no = f.seller_no AND s.seller_key = f.seller_key
        JOIN dwh.dim_product AS p ON p.seller_no = f.seller_no AND p.product_key = f.product_key
        ORDER BY f.order_id, f.line_no
    """,
    "headers": """
        SELECT h.order_id, h.status, h.purchased_at, h.declared_total, h.computed_total, h.currency,
            h.is_complete, h.customer_no >= 0
        FROM dwh.fact_order_header AS h ORDER BY h.order_id
    """,
    "products": """
        SELECT s.seller_id, p.product_id, p.title, p.description, p.source_category, p.is_inferred
        FROM dwh.dim_product AS p
        JOIN dwh.dim_seller AS s ON s.seller_no = p.seller_no AND s.is_current
        WHERE p.product_id NOT LIKE '#%%' ORDER BY 1, 2
    """,
    "customers": """
        SELECT country, city, is_inferred FROM dwh.dim_customer WHERE customer_no >= 0
    """,
    "sellers": """
        SELECT seller_id, seller_name, status, commission_pct, category, valid_from, is_inferred
        FROM dwh.dim_seller WHERE seller_no > 0 ORDER BY seller_id
    """,
    "clicks": """
        SELECT s.seller_id, c.event_ref, c.event_at, c.event_type, c.route, c.product_id,
            p.product_id, c.device_class, c.customer_no
        FROM dwh.fact_clickstream AS c
        JOIN dwh.dim_seller AS s ON s.seller_no = c.seller_no AND s.is_current
        JOIN dwh.dim_product AS p ON p.seller_no = c.seller_no AND p.product_key = c.product_key
        ORDER BY c.event_ref
    """,
    "offers": """
        SELECT s.seller_id, o.product_id, o.observed_at, o.unit_price, o.currency, o.stock_quantity
        FROM dwh.fact_offer AS o
        JOIN dwh.dim_seller AS s ON s.seller_no = o.seller_no AND s.is_current
        ORDER BY 1, 2, 3
    """,
    "references": """
        SELECT r.source, r.ref, s.seller_id, r.product_id
        FROM staging.source_reference AS r
        JOIN dwh.dim_seller AS s ON s.seller_no = r.seller_no AND s.is_current
        ORDER BY r.ref
    """,
    "rejects": """
        SELECT line_no, kind, rule_codes FROM quality.reject ORDER BY line_no, record_no
    """,
}


def load(
    settings: Settings, folder: Path, source: str, events: Iterable[Event], at: datetime = RUN_AT
) -> Receipt:
    """Deliver events as one file, one a line, and run; the run must have no failure."""
    file = folder / f"{source}-{len(list(folder.iterdir()))}.ndjson"
    file.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    with Context.open(settings, FixedClock(at)) as context:
        receipt = receive(context, context.learn(EXAMPLES / f"{source}.yaml"), [file])
        report = Conductor(context).run()
    assert (report.failed, report.refused) == ({}, {})
    return receipt


def answers(settings: Settings, questions: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of each question."""
    with connect(settings, None) as conn:
        return {name: conn.execute(QUESTIONS[name], {}).fetchall() for name in questions}


def counts(settings: Settings, delivery_key: int | None) -> tuple[int, int, int, int, int]:
    """Accepted, rejected, held, duplicate and superseded records of a delivery."""
    with connect(settings, None) as conn:
        [row] = conn.execute(
            "SELECT accepted, rejected, held, duplicate, superseded, records FROM staging.delivery"
            " WHERE delivery_key = %(key)s",
            {"key": delivery_key},
        ).fetchall()
    assert sum(row[:5]) == row[5]
    return row[:5]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Give an empty folder for the files to deliver."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def twin(warehouse: Settings, test_server: Settings, tmp_path: Path) -> Iterator[Settings]:
    """Give a second empty warehouse; its home is yet to be made."""
    copy = create_database(test_server, f"{warehouse.database}_twin", template="shopnow")
    yield replace(copy, home=tmp_path / "twin")
    drop_database(test_server, copy.database)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.shape)
def test_each_shape_becomes_its_star_rows(warehouse: Settings, inbox: Path, sample: Sample) -> None:
    receipt = load(warehouse, inbox, sample.source, sample.events)
    golden: dict[str, Rows] = {"rejects": []} | sample.golden
    found = answers(warehouse, golden)
    if "lines" in golden:
        golden["lines"] = [(*row[:2], str(row[2]), *row[3:]) for row in golden["lines"]]
    assert found == golden
    assert counts(warehouse, receipt.delivery_key) == (*sample.counts, 0, 0)


def test_p1_and_p2_with_the_same_values_are_the_same_facts(
    warehouse: Settings, twin: Settings, inbox: Path
) -> None:
    load(warehouse, inbox, P1.source, P1.events)
    # With the keys of the first, so that pseudonyms agree.
    shutil.copytree(warehouse.home, twin.home, symlinks=True)
    load(twin, inbox, P2.source, P2.events)
    one, other = portable(warehouse, ("dwh",)), portable(twin, ("dwh",))
    assert one["dwh.fact_order"]
    assert one == other, differences(one, other)


def test_p2_after_p1_says_nothing_new(warehouse: Settings, inbox: Path) -> None:
    load(warehouse, inbox, P1.source, P1.events)
    before = exact(warehouse, ("dwh",))
    receipt = load(warehouse, inbox, P2.source, P2.events)
    assert counts(warehouse, receipt.delivery_key) == (0, 0, 0, 3, 0)
    after = exact(warehouse, ("dwh",))
    assert after == before, differences(before, after)


def test_p8_has_no_identifier_of_its_own_and_replays_all_the_same(
    warehouse: Settings, inbox: Path
) -> None:
    # A real repeat inside a delivery is a second line; a replay of both is neither.
    events = (*P8.events, *P8.events)
    load(warehouse, inbox, P8.source, events)
    before = exact(warehouse, ("dwh",))
    assert len(before["dwh.fact_order"]) == 2
    other = [dict(reversed(event.items())) for event in events]
    receipt = load(warehouse, inbox, P8.source, other, RUN_AT + timedelta(hours=1))
    assert receipt.verdict == "new"
    after = exact(warehouse, ("dwh",))
    assert after == before, differences(before, after)


def test_p15_waits_for_the_order_that_says_which_product_it_is(
    warehouse: Settings, inbox: Path
) -> None:
    stock = load(warehouse, inbox, P15.source, P15.events)
    assert counts(warehouse, stock.delivery_key) == (0, 0, 1, 0, 0)
    load(warehouse, inbox, P7.source, P7.events, RUN_AT + timedelta(hours=1))
    assert counts(warehouse, stock.delivery_key) == (1, 0, 0, 0, 0)
    [offer] = answers(warehouse, ["offers"])["offers"]
    assert offer[:2] == ("S-1", "p-1")
    assert offer[3:] == (None, None, 17)
    # A reference that is known by now leads there at once.
    again = [
        P15.events[0] | {"event_id": "t-2", "stock": 12, "event_timestamp": "2025-12-02T10:00Z"}
    ]
    later = load(warehouse, inbox, P15.source, again, RUN_AT + timedelta(hours=2))
    assert counts(warehouse, later.delivery_key) == (1, 0, 0, 0, 0)
    assert [row[5] for row in answers(warehouse, ["offers"])["offers"]] == [17, 12]


@pytest.mark.parametrize("source", ["orders", "clickstream", "products", "vendors"])
def test_an_unknown_shape_is_rejected_and_never_dropped(
    warehouse: Settings, inbox: Path, source: str
) -> None:
    receipt = load(warehouse, inbox, source, [{"temperature": 21.5, "room": "réserve"}, {}])
    accepted, rejected, *rest = counts(warehouse, receipt.delivery_key)
    assert (accepted, rest) == (0, [0, 0, 0])
    rejects = answers(warehouse, ["rejects"])["rejects"]
    assert len(rejects) == rejected
    assert {line_no for line_no, _, _ in rejects} == {1, 2}
    assert all("unknown_shape" in codes for _, _, codes in rejects)
