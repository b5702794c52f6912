"""Runs the engine's statements, filled with the parts of one dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

SQL = Sql(__package__)


def execute(
    conn: psycopg.Connection,
    name: str,
    parts: Mapping[str, sql.Composable],
    values: Mapping[str, Any],
) -> int:
    """Run a statement; returns the number of rows it touched."""
    return conn.execute(SQL.compose(name, **parts), values).rowcount


def rows_of(
    conn: psycopg.Connection,
    name: str,
    parts: Mapping[str, sql.Composable],
    values: Mapping[str, Any],
) -> list[tuple[Any, ...]]:
    """Run a statement; returns its rows."""
    return conn.execute(SQL.compose(name, **parts), values).fetchall()


def drop_work_tables(conn: psycopg.Connection, *names: str) -> None:
    """Make empty places for work tables; an earlier load of the transaction may have left some."""
    # Looked for first: after a DROP the driver forgets every statement that it has prepared.
    left = conn.execute(SQL["work_left"], {"names": list(names)}).fetchall()
    if left:
        tables = sql.SQL(", ").join(sql.Identifier("pg_temp", name) for (name,) in left)
        conn.execute(SQL.compose("work_drop", tables=tables))
