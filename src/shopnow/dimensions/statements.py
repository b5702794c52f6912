"""Runs the engine's statements, filled with the parts of one dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg
    from psycopg import sql

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
