"""The staging tables: deliveries with their counts, and rows in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from shopnow.kernel import Sql
from shopnow.staging.copybinary import as_typed, copy_binary
from shopnow.staging.copytext import copy_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    import psycopg

SQL = Sql(__package__)
SLICE_ROWS = 50_000
# For fewer rows it takes longer to ask for the types of the columns than the text costs.
BINARY_ROWS = 2_000
STAGING = "staging"
_DELETION = "is_deletion"


def copy_rows(conn: psycopg.Connection, schema: str, table: str, rows: pl.DataFrame) -> int:
    """Append `rows` to a table by COPY; columns are matched by name.  Returns the number of rows.

    A null becomes NULL, an empty text stays empty.
    """
    if rows.is_empty():
        return 0
    if schema == STAGING:
        rows = rows.select(_said(rows))
    target = sql.Identifier(schema, table)
    typed = _typed(conn, target, rows) if rows.height >= BINARY_ROWS else None
    statement = SQL.compose(
        "rows_copy" if typed is None else "rows_copy_binary",
        table=target,
        columns=sql.SQL(", ").join(sql.Identifier(name) for name in rows.columns),
    )
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for piece in _text(rows) if typed is None else copy_binary(typed):
            copy.write(piece)
    return rows.height


def _typed(
    conn: psycopg.Connection, table: sql.Identifier, rows: pl.DataFrame
) -> pl.DataFrame | None:
    """The rows in the types of the table's columns; None where they are copied as text."""
    found = conn.execute(SQL["column_types"], {"table": table.as_string(conn)}).fetchall()
    return as_typed(rows, dict(found))


def _text(rows: pl.DataFrame) -> Iterator[bytes]:
    for start in range(0, rows.height, SLICE_ROWS):
        yield from copy_pieces(rows[start : start + SLICE_ROWS])


def _said(rows: pl.DataFrame) -> list[str]:
    """The columns that say anything but what a staging table says by itself.

    That is null in all of them, but that a row is no deletion.
    """
    return [
        column.name
        for column in rows
        if (column.any() if column.name == _DELETION else column.null_count() < rows.height)
    ]
