"""Who reads the marts, and what the views of sellers never show."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from shopnow.kernel import Settings, connect
from shopnow.marts import load_marts

pytestmark = pytest.mark.integration

# Tables of a seller's rows by another name of the column, and the two shared dimensions.
ALLOWED_BENEATH = {"dwh.dim_category", "dwh.dim_date", "staging.delivery"}
HIDDEN = {"customer_key", "customer_no", "customer_id", "order_id", "line_sealed"}
VIEWS = 8


# What analysts read of customers is folded: tests/security/access/test_small_groups.py.
@pytest.mark.parametrize("role", ["shopnow_analyst_detail", "shopnow_engineer"])
def test_staff_reads_every_mart_and_writes_none(warehouse: Settings, role: str) -> None:
    with connect(warehouse, role) as connection:
        for mart in load_marts(warehouse):
            name = sql.Identifier("mart", mart.name)
            connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("DELETE FROM {}").format(name))
        connection.execute("SELECT count(*) FROM mart.stock_on('2026-01-05')")


def test_an_analyst_reads_marts_only(warehouse: Settings) -> None:
    with connect(warehouse, "shopnow_analyst") as connection:
        for name in ("dwh.dim_customer", "dwh.fact_order", "seller.my_orders"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(
                    sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(*name.split(".")))
                )


def test_seller_views_run_with_the_rights_of_who_asks(warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        rows = connection.execute(
            "SELECT relname, reloptions FROM pg_class"
            " WHERE relnamespace = 'seller'::regnamespace AND relkind = 'v'"
        ).fetchall()
    assert len(rows) == VIEWS
    assert all("security_invoker=true" in options for _, options in rows)


def test_seller_views_show_no_customer_and_no_order_id(warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        rows = connection.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute"
            " JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relnamespace = 'seller'::regnamespace AND attnum > 0"
        ).fetchall()
    views = {view for view, _ in rows}
    assert {view for view, column in rows if column == "seller_no"} == views
    assert HIDDEN.isdisjoint(column for _, column in rows)


def test_seller_views_join_only_tables_with_a_seller(warehouse: Settings) -> None:
    with connect(warehouse) as connection:
        rows = connection.execute(
            "SELECT DISTINCT beneath.oid::regclass::text, EXISTS ("
            "  SELECT 1 FROM pg_attribute"
            "  WHERE attrelid = beneath.oid AND attname = 'seller_no'"
            ") FROM pg_class AS beneath"
            " JOIN pg_depend ON refobjid = beneath.oid AND refclassid = 'pg_class'::regclass"
            " JOIN pg_rewrite ON pg_rewrite.oid = objid AND classid = 'pg_rewrite'::regclass"
            " JOIN pg_class AS view ON view.oid = ev_class"
            " WHERE view.relnamespace = 'seller'::regnamespace AND beneath.oid <> view.oid"
        ).fetchall()
    assert {name for name, has_seller in rows if not has_seller} == ALLOWED_BENEATH
