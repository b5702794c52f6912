"""The catalogue of a warehouse is what db/access.yaml declares; whatever is changed is found.

Each probe is one thing that an administrator in a hurry, or somebody worse, does by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, LiteralString

import pytest
from psycopg import sql
from tests.security.access.conftest import own_warehouse

from shopnow.kernel import Settings, connect
from shopnow.security import check_access, load_declaration, settle_access

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.integration, pytest.mark.security]

# What is done, as whom (None: the superuser), what undoes it for roles, and what is said of it.
BY_HAND: list[tuple[LiteralString, str | None, str, str]] = [
    ("GRANT SELECT ON dwh.dim_customer TO shopnow_analyst", "shopnow_owner", "right_extra",
     "dwh.dim_customer"),
    ("GRANT SELECT (order_id) ON dwh.fact_order TO shopnow_seller", "shopnow_owner", "right_extra",
     "dwh.fact_order.order_id"),
    ("GRANT SELECT ON mart.marketplace_daily TO PUBLIC", "shopnow_owner", "right_extra",
     "mart.marketplace_daily"),
    ("GRANT SELECT ON dwh.fact_order TO shopnow_analyst_detail WITH GRANT OPTION", "shopnow_owner",
     "right_extra", "dwh.fact_order"),
    ("REVOKE SELECT ON mart.marketplace_daily FROM shopnow_operator", "shopnow_owner",
     "right_missing", "mart.marketplace_daily"),
    ("GRANT USAGE ON SCHEMA dwh TO shopnow_operator, PUBLIC", "shopnow_owner", "right_extra",
     "dwh"),
    ("GRANT CREATE ON SCHEMA mart TO shopnow_analyst", "shopnow_owner", "right_extra", "mart"),
    ("GRANT USAGE ON SCHEMA public TO PUBLIC", None, "right_extra", "public"),
    ("GRANT EXECUTE ON FUNCTION security.my_sellers() TO PUBLIC", "shopnow_owner", "right_extra",
     "security.my_sellers"),
    ("GRANT USAGE ON SEQUENCE journal.batch_no_seq TO shopnow_engineer", "shopnow_owner",
     "right_extra", "journal.batch_no_seq"),
    ("ALTER TABLE dwh.fact_order DISABLE ROW LEVEL SECURITY", "shopnow_owner", "row_security_off",
     "dwh.fact_order"),
    ("ALTER TABLE dwh.dim_product NO FORCE ROW LEVEL SECURITY", "shopnow_owner",
     "row_security_not_forced", "dwh.dim_product"),
    ("DROP POLICY seller_select ON dwh.fact_order", "shopnow_owner", "policy_missing",
     "dwh.fact_order"),
    ("ALTER POLICY seller_select ON dwh.fact_order USING (TRUE)", "shopnow_owner",
     "policy_differs", "dwh.fact_order"),
    ("ALTER POLICY staff_select ON dwh.fact_order TO PUBLIC", "shopnow_owner", "policy_differs",
     "dwh.fact_order"),
    ("CREATE POLICY more ON quality.reject FOR SELECT TO shopnow_seller USING (TRUE)",
     "shopnow_owner", "policy_extra", "quality.reject"),
    ("ALTER VIEW seller.my_orders SET (security_invoker = FALSE)", "shopnow_owner",
     "view_not_invoker", "seller.my_orders"),
]  # fmt: skip


@pytest.fixture(scope="module")
def shared(test_server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    yield from own_warehouse(test_server, tmp_path_factory.mktemp("declared"))


def drift(settings: Settings) -> set[tuple[str, str]]:
    """What is found, but for what one test alone is about: things that nobody declared."""
    found = {(one.code, one.target) for one in check_access(settings)}
    return found - {("undeclared", name) for name in undeclared_at_first(settings)}


def undeclared_at_first(settings: Settings) -> set[str]:
    """What migrations made and the file does not name: a test of its own says so."""
    mine = {"mart.secret_sale", "mart.mighty"}
    return {one.target for one in check_access(settings) if one.code == "undeclared"} - mine


def test_a_new_warehouse_is_what_is_declared(shared: Settings) -> None:
    assert [(one.code, one.target, one.detail) for one in check_access(shared)] == []


@pytest.mark.parametrize(
    ("statement", "role", "code", "target"), BY_HAND, ids=[case[0][:60] for case in BY_HAND]
)
def test_what_was_done_by_hand_is_found_and_undone(
    shared: Settings, statement: LiteralString, role: str | None, code: str, target: str
) -> None:
    with connect(shared, role) as connection:
        connection.execute(statement)
    found = {(one.code, one.target) for one in check_access(shared)}
    assert (code, target) in found
    assert settle_access(shared) >= 1
    assert drift(shared) == set()


def test_what_no_statement_can_judge_is_left_to_a_person(shared: Settings) -> None:
    """A table nobody declared shows no row to anybody meanwhile, whatever its grants say."""
    with connect(shared, "shopnow_owner") as connection:
        connection.execute("CREATE TABLE mart.secret_sale AS SELECT 1 AS seller_no, 7 AS amount")
        connection.execute("GRANT SELECT ON mart.secret_sale TO shopnow_analyst")
        connection.execute("CREATE MATERIALIZED VIEW mart.copied AS SELECT 1 AS one")
        connection.execute(
            "CREATE FUNCTION mart.mighty() RETURNS integer LANGUAGE sql SECURITY DEFINER"
            " AS $$SELECT 1$$"
        )
    try:
        settle_access(shared)
        assert drift(shared) == {
            ("undeclared", "mart.secret_sale"),
            ("not_a_relation_of_ours", "mart.copied"),
            ("definer_function", "mart.mighty"),
            ("undeclared", "mart.mighty"),
        }
        with connect(shared, "shopnow_analyst") as connection:
            row = connection.execute("SELECT count(*) FROM mart.secret_sale").fetchone()
        assert row == (0,)
    finally:
        with connect(shared, "shopnow_owner") as connection:
            connection.execute("DROP TABLE mart.secret_sale")
            connection.execute("DROP MATERIALIZED VIEW mart.copied")
            connection.execute("DROP FUNCTION mart.mighty()")


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("ALTER ROLE shopnow_analyst BYPASSRLS", "role_differs"),
        ("ALTER ROLE shopnow_operator CREATEROLE", "role_differs"),
        ("GRANT shopnow_analyst_detail TO shopnow_operator", "membership_extra"),
        ("GRANT pg_read_all_data TO shopnow_analyst", "membership_extra"),
        ("REVOKE pg_read_all_data FROM shopnow_backup", "membership_missing"),
        ("GRANT shopnow_dpo TO shopnow_web_staff WITH INHERIT TRUE, SET TRUE", "membership_extra"),
    ],
)
def test_what_was_done_to_a_role_is_found_and_undone(
    shared: Settings, statement: LiteralString, code: str
) -> None:
    with connect(shared, None) as connection:
        connection.execute(statement)
    try:
        assert code in {one.code for one in check_access(shared)}
    finally:
        settle_access(shared)
    assert drift(shared) == set()


def test_the_matrix_of_rights_is_the_declaration(shared: Settings) -> None:
    """Asked the other way: not what is written in the catalogue, but what each role may do."""
    declared = load_declaration(shared.access_file)
    roles = [name for name in declared.roles if name not in {"shopnow_owner", "shopnow_backup"}]
    actions = ("select", "insert", "update", "delete", "truncate", "maintain")
    expected = {
        (right.role, right.target, right.action)
        for right in declared.rights
        if right.kind == "relation" and not right.column
    }
    with connect(shared, "shopnow_owner") as connection:
        rows = connection.execute(
            sql.SQL(
                "SELECT role, space.nspname || '.' || relation.relname, action"
                " FROM pg_class AS relation JOIN pg_namespace AS space"
                " ON space.oid = relation.relnamespace"
                " CROSS JOIN unnest(%(roles)s::text[]) AS role"
                " CROSS JOIN unnest(%(actions)s::text[]) AS action"
                " WHERE relation.relkind IN ('r', 'p', 'v') AND NOT relation.relispartition"
                " AND space.nspname !~ '^pg_|information_schema|public'"
                " AND has_table_privilege(role, relation.oid, action)"
            ),
            {"roles": roles, "actions": list(actions)},
        ).fetchall()
    assert set(rows) == {entry for entry in expected if entry[2] in actions}
