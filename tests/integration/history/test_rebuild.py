"""A dimension is made again from its change log, and keeps the keys that it finds again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.warehouse_state import exact

from shopnow.cli.base import run
from shopnow.kernel import SystemClock, connect
from shopnow.pipeline import audit_history, plan_rebuild, rebuild
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

# A word that nobody said; a chain that is cut, a version put in between, an offer bound to it.
_DAMAGE = """
UPDATE dwh.dim_seller SET city = 'Nulle part', seller_name = 'Personne'
WHERE seller_id = 'S1' AND version = 1;
UPDATE dwh.dim_product SET valid_to = valid_from + interval '1 hour'
WHERE product_id = 'P1' AND version = 1 AND NOT is_current;
INSERT INTO dwh.dim_product (seller_no, product_id, product_key, valid_from, valid_to,
    is_current, version, known_from, delivery_key, record_no, source_line)
SELECT seller_no, product_id, 999, valid_to, valid_from + interval '2 days',
    FALSE, 9, known_from, delivery_key, record_no, source_line
FROM dwh.dim_product WHERE product_id = 'P1' AND version = 1 AND NOT is_current;
UPDATE dwh.fact_offer AS f SET product_key = 999 FROM dwh.dim_product AS d
WHERE d.product_key = 999 AND f.seller_no = d.seller_no AND f.product_id = d.product_id
AND f.observed_at >= d.valid_from AND f.observed_at < d.valid_to
"""


def _damage(settings: Settings) -> None:
    with connect(settings, None) as conn, conn.transaction():
        conn.execute("SET LOCAL session_replication_role = replica")
        touched = [conn.execute(statement.encode()).rowcount for statement in _DAMAGE.split(";")]
    assert all(touched), touched


def _state(settings: Settings) -> dict[str, list[str]]:
    return exact(settings, ("dwh", "mart"))


def _dimensions(settings: Settings) -> list[tuple[Any, ...]]:
    """Versions with their keys, without the time at which they became known."""
    with connect(settings) as conn:
        return conn.execute(
            "SELECT 'seller', seller_no::text, seller_key, seller_name, city, valid_from, valid_to"
            " FROM dwh.dim_seller UNION ALL SELECT 'product', seller_no || '/' || product_id,"
            " product_key, title, status, valid_from, valid_to FROM dwh.dim_product"
            " ORDER BY 1, 2, 6"
        ).fetchall()


def test_rebuilding_what_is_right_changes_nothing(second_day: Settings) -> None:
    contracts, before = load_contracts(second_day.contracts_dir), _state(second_day)
    report = rebuild(second_day, contracts, SystemClock())
    assert not report.differs
    assert [plan.dimension for plan in report.plans] == ["seller", "customer", "product"]
    assert sum(plan.versions.kept for plan in report.plans) > 10
    assert _state(second_day) == before


def test_a_damaged_dimension_comes_back_with_its_keys(second_day: Settings) -> None:
    contracts, before = load_contracts(second_day.contracts_dir), _dimensions(second_day)
    offers = "SELECT product_id, observed_at, product_key FROM dwh.fact_offer ORDER BY 1, 2, 3"
    with connect(second_day) as conn:
        bound = conn.execute(offers).fetchall()
    _damage(second_day)
    assert audit_history(second_day, contracts, SystemClock()).findings > 0
    plan = plan_rebuild(second_day, contracts, SystemClock())
    counts = {one.dimension: one.versions for one in plan.plans}
    assert (counts["seller"].changed, counts["customer"].differs) == (1, False)
    assert (counts["product"].changed, counts["product"].unexplained) == (1, 1)
    assert _dimensions(second_day) != before, "the plan changes nothing"
    report = rebuild(second_day, contracts, SystemClock())
    assert report.applied
    assert _dimensions(second_day) == before
    with connect(second_day) as conn:
        assert conn.execute(offers).fetchall() == bound
        runs = conn.execute(
            "SELECT kind, status FROM journal.run WHERE run_id = %s", [report.run_id]
        ).fetchall()
        events = conn.execute(
            "SELECT level, payload -> 'product' ->> 'removed' FROM journal.event"
            " WHERE source = 'rebuild'"
        ).fetchall()
    assert runs == [("rebuild", "done")]
    assert events == [("WARNING", "1")]
    assert audit_history(second_day, contracts, SystemClock()).findings == 0


def test_lost_versions_come_back_under_the_keys_that_facts_hold(second_day: Settings) -> None:
    contracts = load_contracts(second_day.contracts_dir)
    facts = exact(second_day, ("dwh",))
    before = {row[:3] for row in _dimensions(second_day)}
    lost = (
        "DELETE FROM dwh.dim_seller WHERE seller_id = 'S1'",
        "DELETE FROM dwh.dim_product WHERE product_id = 'P1'",
        "DELETE FROM dwh.dim_customer WHERE customer_no > 0 AND NOT is_inferred",
    )
    with connect(second_day, "shopnow_owner") as conn:
        for statement in lost:
            assert conn.execute(statement.encode()).rowcount > 0
    found = audit_history(second_day, contracts, SystemClock())
    assert {"fold_missing", "fact_member"} <= {c.name for c in found.checks if c.findings}
    rebuild(second_day, contracts, SystemClock())
    after = exact(second_day, ("dwh",))
    for table in ("dwh.fact_order", "dwh.fact_offer", "dwh.fact_order_header"):
        assert after[table] == facts[table]
    # A version that no fact was bound to has no key to find again: it may be another.
    again = {row[:3] for row in _dimensions(second_day)}
    assert {row[:2] for row in again} == {row[:2] for row in before}
    assert audit_history(second_day, contracts, SystemClock()).findings == 0


def test_the_command_shows_its_plan_and_acts_with_apply(
    second_day: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--home", str(second_day.home), "--set", f"database={second_day.database}"]
    words += ["dimension", "rebuild"]
    assert run(words) == 0
    assert "Rien à reconstruire" in capsys.readouterr().out
    _damage(second_day)
    assert run(words) == 1
    told = capsys.readouterr().out
    assert "dimension rebuild --apply" in told
    assert "1/P1" in told
    # A command to copy is not broken, however long the way to its home.
    assert max(len(line) for line in told.splitlines() if "--apply" not in line) <= 100
    assert run([*words, "customer"]) == 0
    capsys.readouterr()
    assert run([*words, "--apply", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["applied"] is True
    assert {plan["dimension"] for plan in facts["plans"]} == {"seller", "customer", "product"}
    assert run(words) == 0
    assert run([*words, "vendors"]) == 2
