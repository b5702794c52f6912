"""What the planner knows of the warehouse's tables, kept up between batches.

Protects loads that follow one another within minutes: without it the first days of a new
warehouse are planned as if its tables were empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from shopnow.kernel import Sql

if TYPE_CHECKING:
    import psycopg

SQL = Sql(__package__)


def count_grown_tables(owner: psycopg.Connection) -> int:
    """Have the planner count the tables that grew much; returns how many, none as a rule.

    `owner` is a connection of the tables' owner, outside any transaction.
    """
    grown = owner.execute(SQL["tables_grown"]).fetchall()
    for schema, table in grown:
        owner.execute(SQL.compose("table_analyze", table=sql.Identifier(schema, table)))
        owner.execute(SQL["table_summarise"], {"table_schema": schema, "table_name": table})
    return len(grown)
