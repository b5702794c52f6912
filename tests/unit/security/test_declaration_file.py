"""The declaration of accesses: what it refuses, and what it may not say of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shopnow.kernel import Settings, TerminalError
from shopnow.kernel.server import ROLES
from shopnow.security import load_declaration

if TYPE_CHECKING:
    from pathlib import Path

TINY = """
bundles: {read: [select]}
roles: {shopnow_owner: {}, shopnow_analyst: {}}
accesses: {staff: {connections: 1}}
database: {connect: [owner]}
relations: {mart: {sales: {analyst: read}}}
"""


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [
        ("analyst: read}", "analist: read}", "role 'analist'"),
        ("analyst: read}", "analyst: raed}", "bundle or action 'raed'"),
        ("analyst: read}", "rows: sellers}", "rule of rows of mart.sales 'sellers'"),
        ("[select]", "[selekt]", "action 'selekt'"),
        ("connect:", "conect:", "right on the database 'conect'"),
        ("bundles:", "bundels:", "part 'bundels'"),
        ("shopnow_analyst: {}", "shopnow_analyst: {bypas: true}", "trait of shopnow_analyst"),
        ("{connections: 1}", "{connections: 1, dayz: 3}", "rule of accesses of staff 'dayz'"),
        ("{connections: 1}", "{connections: 1, every: pages}", "rule of accesses of staff 'every'"),
        (
            "{staff: {connections: 1}}",
            "{seller: {connections: 1, every: sql}}",
            "way to let in every seller 'sql'",
        ),
    ],
)
def test_a_word_that_nobody_knows_is_refused(
    tmp_path: Path, right: str, wrong: str, named: str
) -> None:
    path = tmp_path / "access.yaml"
    path.write_text(TINY, encoding="utf-8")
    assert load_declaration(path).relations["mart.sales"].rights
    path.write_text(TINY.replace(right, wrong), encoding="utf-8")
    with pytest.raises(TerminalError, match=named):
        load_declaration(path)


def test_the_roles_that_are_made_are_those_declared() -> None:
    declared = load_declaration(Settings().access_file).roles
    made = {role.name: (role.login, role.bypass_row_security, role.replication) for role in ROLES}
    assert made == {
        name: (traits.login, traits.bypass, traits.replication) for name, traits in declared.items()
    }


def test_only_the_two_loaders_pass_row_policies_and_nobody_is_mighty() -> None:
    declared = load_declaration(Settings().access_file).roles
    passing = {name for name, traits in declared.items() if traits.bypass}
    assert passing == {"shopnow_etl", "shopnow_backup"}
    assert not any(t.superuser or t.create_role or t.create_database for t in declared.values())


def test_no_reader_but_the_loader_and_the_desk_writes() -> None:
    """Staff reads; what it decides goes through commands, tickets and alerts apart."""
    declared = load_declaration(Settings().access_file)
    writing = {
        (right.role.removeprefix("shopnow_"), right.target.partition(".")[0])
        for right in declared.rights
        if right.kind == "relation"
        and right.action not in {"select", "maintain"}
        # The accounts of the pages are written by the login of the pages.
        and right.target not in {"security.web_account", "security.web_session"}
    }
    staff = {pair for pair in writing if pair[0] != "etl"}
    assert {schema for _, schema in staff} <= {"desk", "journal", "jobs"}
    assert not any(role in {"seller", "analyst", "analyst_detail", "dpo"} for role, _ in staff)


def test_sellers_read_no_customer_and_no_order_number() -> None:
    declared = load_declaration(Settings().access_file)
    seen = {
        (right.target, right.column)
        for right in declared.rights
        if right.role == "shopnow_seller" and right.kind == "relation"
    }
    hidden = {"customer_key", "customer_no", "customer_id", "order_id", "line_sealed", "user_ref"}
    assert hidden.isdisjoint(column for _, column in seen)
    whole = {target for target, column in seen if not column}
    assert whole == {name for name in whole if name.startswith("seller.")} | {
        "dwh.dim_category",
        "dwh.dim_date",
    }


@pytest.mark.parametrize("role", ["shopnow_engineer", "shopnow_operator", "shopnow_analyst"])
def test_these_read_no_personal_column(role: str) -> None:
    """The pseudonym, the town, the segment of a customer; the buyer of an order; sealed values."""
    declared = load_declaration(Settings().access_file)
    personal = {
        "dwh.dim_customer": {"customer_id", "city", "postal_area", "segment"},
        "dwh.fact_order": {"customer_key", "customer_no", "buyer_ref", "buyer_region"},
        "dwh.fact_order_header": {"customer_key", "customer_no"},
        "dwh.fact_clickstream": {"user_ref", "session_ref", "customer_no"},
        "quality.reject": {"line_sealed"},
    }
    for right in declared.rights:
        if right.role == role and right.target in personal and right.kind == "relation":
            assert right.column, f"{right} reads the whole table"
            assert right.column not in personal[right.target]
    closed = {"privacy.vault", "privacy.subject", "staging.customer_row", "history.customer_change"}
    assert not any(r.role == role and r.target in closed for r in declared.rights)
