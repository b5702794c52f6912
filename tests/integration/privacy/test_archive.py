"""S76: versions older than N years become one archived version, facts follow, audits pass."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests import marketplace
from tests.marketplace import NOON, Shipment, csv, item, ndjson, order

from shopnow.kernel import FixedClock, Settings, connect
from shopnow.pipeline import archive_versions, audit_history, plan_rebuild
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = FixedClock(NOON)
BEFORE = datetime(2025, 2, 25, tzinfo=UTC)


def ask(settings: Settings, statement: str) -> list[Any]:
    with connect(settings, None) as conn:
        return conn.execute(statement.encode()).fetchall()


def history_of_k20() -> list[Shipment]:
    places = [("2025-01-01", "Lyon", "fidèle"), ("2025-01-10", "Nice", "nouveau"),
              ("2025-01-20", "Brest", "nouveau"), ("2025-02-20", "Paris", "perdu"),
              ("2025-03-05", "Lille", "perdu")]  # fmt: skip
    customer = {"id": "K20"}
    lines = [item("S6", "N1", 1, "5")]
    return [
        Shipment("bazar-customers", "customers-20.csv", csv(
            "id,country,city,zip,segment,full_name,mail,phone,street,updated_at",
            *(f"K20,FR,{city},69000,{segment},K Vingt,k20@bazar.test,,,{day}T00:00:00Z"
              for day, city, segment in places),
        )),
        Shipment("bazar-orders", "orders-20.ndjson", ndjson(*(
            order(500 + n, lines, customer=customer, bought_at=f"{day}T12:00:00Z", total="5.00")
            for n, (day, _, _) in enumerate(places)
        ))),
    ]  # fmt: skip


VERSIONS = (
    "SELECT d.valid_from::date::text, d.valid_to::date::text, d.city, d.segment,"
    " d.previous_segment FROM dwh.dim_customer AS d WHERE d.customer_no = (SELECT"
    " max(subject_no) FROM privacy.subject) ORDER BY d.valid_from"
)
BOUND = (
    "SELECT right(f.order_id, 1), d.city, f.line_amount FROM dwh.fact_order AS f JOIN"
    " dwh.dim_customer AS d USING (customer_key) WHERE f.customer_no = (SELECT max(subject_no)"
    " FROM privacy.subject) ORDER BY 1"
)


def test_s76_old_versions_become_one_and_facts_are_bound_to_it(
    second_day: Settings, tmp_path: Path
) -> None:
    marketplace.load(second_day, history_of_k20(), tmp_path / "outbox")
    contracts = load_contracts(second_day.contracts_dir)
    before, bound = ask(second_day, VERSIONS), ask(second_day, BOUND)
    assert [row[2] for row in before] == ["Lyon", "Nice", "Brest", "Paris", "Lille"]
    assert [row[1] for row in bound] == ["Lyon", "Nice", "Brest", "Paris", "Lille"]
    total = ask(second_day, "SELECT sum(line_amount), count(*) FROM dwh.fact_order")
    plan = archive_versions(second_day, contracts, CLOCK, BEFORE, applied=False)
    assert plan["customer"] == 1
    assert ask(second_day, VERSIONS) == before
    assert archive_versions(second_day, contracts, CLOCK, BEFORE, applied=True) == plan
    after = ask(second_day, VERSIONS)
    assert [row[:3] for row in after] == [
        ("2025-01-01", "2025-02-20", "Brest"), ("2025-02-20", "2025-03-05", "Paris"),
        ("2025-03-05", "9999-12-31", "Lille"),
    ]  # fmt: skip
    assert {row[3:] for row in after} == {("perdu", "nouveau")}
    assert [row[1] for row in ask(second_day, BOUND)] == ["Brest"] * 3 + ["Paris", "Lille"]
    assert ask(second_day, "SELECT sum(line_amount), count(*) FROM dwh.fact_order") == total
    gone = "SELECT city FROM history.customer_superseded WHERE city IN ('Lyon', 'Nice')"
    assert ("Nice",) not in ask(second_day, gone)
    report = audit_history(second_day, contracts, CLOCK)
    assert [check.name for check in report.checks if check.findings] == []
    assert not plan_rebuild(second_day, contracts, CLOCK).differs
    again = archive_versions(second_day, contracts, CLOCK, BEFORE, applied=True)
    assert sum(again.values()) == 0
