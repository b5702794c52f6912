"""The roles that every warehouse has, and what a stranger may not do."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from shopnow.kernel import Settings, acting_as, connect
from shopnow.kernel.server import ROLES

pytestmark = pytest.mark.integration

LOGINS = [role.name for role in ROLES if role.login]


@pytest.mark.parametrize("role", LOGINS)
def test_every_login_connects_with_its_own_password(warehouse: Settings, role: str) -> None:
    with connect(warehouse, role) as connection:
        row = connection.execute("SELECT current_user, current_setting('TimeZone')").fetchone()
    assert row == (role, "UTC")


def test_only_the_loaders_make_temporary_tables(warehouse: Settings) -> None:
    allowed = set()
    for role in LOGINS:
        with connect(warehouse, role) as connection:
            try:
                connection.execute("CREATE TEMPORARY TABLE scratch (n integer)")
            except psycopg.errors.InsufficientPrivilege:
                continue
        allowed.add(role)
    assert allowed == {"shopnow_owner", "shopnow_etl"}


def test_an_analyst_makes_no_table_anywhere(warehouse: Settings) -> None:
    with connect(warehouse, "shopnow_analyst") as connection:
        for schema in ("public", "dwh", "mart"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(
                    sql.SQL("CREATE TABLE {} (n integer)").format(sql.Identifier(schema, "mine"))
                )


def test_rights_taken_for_a_transaction_end_with_it(warehouse: Settings) -> None:
    with connect(warehouse, None) as connection:
        with acting_as(connection, "shopnow_analyst"):
            inside = connection.execute("SELECT current_user").fetchone()
        after = connection.execute("SELECT current_user").fetchone()
    assert (inside, after) == (("shopnow_analyst",), ("postgres",))
