"""What constraints cannot refuse is found by `dimension audit`: one act of sabotage a check."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

import pytest
from psycopg import sql
from tests import marketplace
from tests.integration.history.conftest import products

from shopnow.cli.base import run
from shopnow.dimensions import dimensions_of, mark_keys
from shopnow.kernel import SystemClock, connect
from shopnow.kernel.server import drop_database
from shopnow.pipeline import audit_checks, audit_history
from shopnow.sources import load_contracts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

# A product that no fact is bound to.
_LONELY = """
(SELECT min(d.product_key) FROM dwh.dim_product AS d WHERE d.product_key > 0
    AND NOT EXISTS (SELECT 1 FROM dwh.fact_offer AS f WHERE f.product_key = d.product_key)
    AND NOT EXISTS (SELECT 1 FROM dwh.fact_order AS f WHERE f.product_key = d.product_key)
    AND NOT EXISTS (SELECT 1 FROM dwh.fact_clickstream AS f WHERE f.product_key = d.product_key)
    AND d.is_current AND d.version = 1)
"""
_FIRST_OF_SEVERAL = """
(SELECT min(d.product_key) FROM dwh.dim_product AS d WHERE d.product_key > 0 AND d.version = 1
    AND NOT d.is_current)
"""


@dataclass(frozen=True)
class Sabotage:
    """What is done (as the owner; `forced`: without triggers of keys), and what is found."""

    statement: LiteralString
    found: frozenset[str]
    forced: bool = False


def _s(statement: LiteralString, *found: str, forced: bool = False) -> Sabotage:
    return Sabotage(statement, frozenset(found), forced)


SABOTAGES = {
    "a surrogate key of one member given to another": _s(
        "INSERT INTO history.product_superseded (seller_no, product_id, product_key, valid_from,"
        " valid_to, is_deleted, is_inferred, version, known_from, known_to, reason, delivery_key,"
        " record_no, source_line) SELECT seller_no, 'GONE', product_key, valid_from, valid_to,"
        " FALSE, FALSE, 1, '2024-01-01+00', '2024-01-02+00', 'vanished', 1, 1, 1"
        " FROM dwh.dim_product WHERE product_key = {lonely}",
        "surrogate_shared",
    ),
    "a surrogate key above the mark": _s(
        "UPDATE dwh.dim_product SET product_key = 10000000 WHERE product_key = {lonely}",
        "surrogate_above_mark",
    ),
    "a sequence that begins again": _s(
        "ALTER SEQUENCE dwh.dim_seller_seller_key_seq RESTART WITH 1", "sequence_below_mark"
    ),
    "a gap in the chain": _s(
        "UPDATE dwh.dim_product SET valid_to = valid_to - interval '1 hour'"
        " WHERE product_key = {first}",
        "chain", "fold_changed", forced=True,
    ),
    "no current version": _s(
        "UPDATE dwh.dim_product SET valid_to = '2030-01-01+00', is_current = FALSE"
        " WHERE product_key = {lonely}",
        "chain", "current", "fold_changed", forced=True,
    ),
    "wrongly numbered versions": _s(
        "UPDATE dwh.dim_product SET version = 7 WHERE product_key = {lonely}",
        "version_number", "fold_changed",
    ),
    "an attribute of type 1 that differs between versions": _s(
        "UPDATE dwh.dim_product SET title = 'Autre' WHERE product_key = {first}",
        "rewritten", "fold_changed",
    ),
    "an attribute of type 2 that nobody said": _s(
        "UPDATE dwh.dim_product SET status = 'withdrawn' WHERE product_key = {lonely}",
        "fold_changed",
    ),
    "a member that is gone": _s(
        "DELETE FROM dwh.dim_product WHERE product_key = {lonely}", "fold_missing"
    ),
    "a version that the log does not explain": _s(
        "INSERT INTO dwh.dim_product (seller_no, product_id, product_key, valid_from, valid_to,"
        " is_current, version, known_from, delivery_key, record_no, source_line)"
        " VALUES (1, 'INVENTED', 999, '2025-01-01+00', '9999-12-31+00', TRUE, 1,"
        " '2025-01-01+00', 0, 0, 0)",
        "fold_unexplained",
    ),
    "a statement added to the log": _s(
        "INSERT INTO history.product_change (seller_no, product_id, effective_at, source_rank,"
        " content_hash, kind, present, known_from, delivery_key, record_no, source_line)"
        " SELECT seller_no, product_id, effective_at + n * interval '1 second', source_rank,"
        " content_hash, 'confirm', 0, known_from, delivery_key, 1000 + n, 1"
        " FROM history.product_change AS c CROSS JOIN generate_series(1, 100) AS n"
        " WHERE c.ctid = (SELECT min(ctid) FROM history.product_change"
        " WHERE kind = 'upsert' AND source_rank > 0)",
        "delivery_statements",
    ),
    "a version of a delivery that never was": _s(
        "UPDATE dwh.dim_product SET delivery_key = 999 WHERE product_key = {lonely}", "delivery"
    ),
    "two versions believed at one time": _s(
        "INSERT INTO history.product_superseded (seller_no, product_id, product_key, valid_from,"
        " valid_to, is_deleted, is_inferred, version, known_from, known_to, reason, delivery_key,"
        " record_no, source_line) SELECT seller_no, product_id, product_key, valid_from, valid_to,"
        " FALSE, FALSE, 1, known_from, known_from + interval '1 day', 'rewritten', 1, 1, 1"
        " FROM dwh.dim_product WHERE product_key = {lonely}",
        "belief",
    ),
    "a fact without its dimension row": _s(
        "UPDATE dwh.fact_order SET product_key = 987654 WHERE ctid ="
        " (SELECT min(ctid) FROM dwh.fact_order)",
        "fact_member",
    ),
    "a fact bound to a version of another time": _s(
        "UPDATE dwh.fact_offer AS f SET product_key = later.product_key"
        " FROM dwh.dim_product AS now, dwh.dim_product AS later WHERE now.seller_no = f.seller_no"
        " AND now.product_key = f.product_key AND later.seller_no = now.seller_no"
        " AND later.product_id = now.product_id AND later.version = now.version + 1",
        "fact_time",
    ),
    "one line on two days": _s(
        "INSERT INTO dwh.fact_order SELECT (jsonb_populate_record(f, jsonb_build_object('order_on',"
        " f.order_on + 1))).* FROM dwh.fact_order AS f WHERE f.ctid ="
        " (SELECT min(ctid) FROM dwh.fact_order)",
        "fact_twice",
    ),
    "a delivery whose counts do not add up": _s(
        "UPDATE staging.delivery SET accepted = accepted + 1, rejected = rejected - 1"
        " WHERE delivery_key = 1",
        "delivery_outcomes",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def marked(bazar_two: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Give the tiny marketplace after two days, with a product that no fact is bound to."""
    folder = tmp_path_factory.mktemp("marked")
    copy = marketplace.copy_of(bazar_two, folder / "home")
    lonely = products("S1,LONELY,Seul,,,Maison,active,2025-03-01T08:00:00Z")
    marketplace.load(copy, [lonely], folder / "outbox")
    _mark(copy)
    yield copy
    drop_database(bazar_two, copy.database)


@pytest.fixture
def own(marked: Settings, tmp_path: Path) -> Iterator[Settings]:
    copy = marketplace.copy_of(marked, tmp_path / "home")
    yield copy
    drop_database(marked, copy.database)


def test_a_loaded_warehouse_is_sound(marked: Settings) -> None:
    report = audit_history(marked, load_contracts(marked.contracts_dir), SystemClock())
    assert [check for check in report.checks if check.findings] == []
    assert {"seller", "product", "customer"} < {check.about for check in report.checks}


@pytest.mark.parametrize("what", SABOTAGES)
def test_an_audit_finds(marked: Settings, what: str) -> None:
    sabotage = SABOTAGES[what]
    contracts = load_contracts(marked.contracts_dir)
    with (
        connect(marked, None if sabotage.forced else "shopnow_owner") as conn,
        conn.transaction(force_rollback=True),
    ):
        if sabotage.forced:
            conn.execute("SET LOCAL session_replication_role = replica")
        conn.execute(_composed(sabotage))
        # The commit would let it through.
        conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
        checks = list(audit_checks(conn, contracts))
    assert {check.name for check in checks if check.findings} == sabotage.found


def test_the_command_exits_1_on_findings_and_names_them_in_french(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--home", str(own.home), "--set", f"database={own.database}", "dimension", "audit"]
    assert run(words) == 0
    assert "L'histoire est saine" in capsys.readouterr().out
    with connect(own, "shopnow_owner") as conn:
        conn.execute(_composed(SABOTAGES["an attribute of type 2 that nobody said"]))
    assert run([*words, "seller"]) == 0
    capsys.readouterr()
    assert run(words) == 1
    told = capsys.readouterr().out
    assert "une version dit autre chose que le journal" in told
    assert "reconstruire-une-dimension" in told
    assert max(map(len, told.splitlines())) <= 100
    assert run([*words, "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["findings"] == 1
    assert [check["name"] for check in facts["checks"] if check["findings"]] == ["fold_changed"]
    with connect(own) as conn:
        events = conn.execute(
            "SELECT level FROM journal.event WHERE error_code = 'history_audit_failed'"
        ).fetchall()
    assert events == [("ERROR",), ("ERROR",)]


def _composed(sabotage: Sabotage) -> sql.Composed:
    return sql.SQL(sabotage.statement).format(
        lonely=sql.SQL(_LONELY), first=sql.SQL(_FIRST_OF_SEVERAL)
    )


def _mark(settings: Settings) -> None:
    with connect(settings) as conn:
        contracts = load_contracts(settings.contracts_dir)
        mark_keys(conn, dimensions_of(contracts), SystemClock().now())
