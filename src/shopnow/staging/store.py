"""The staging tables: deliveries with their counts, and rows in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from shopnow.kernel import Sql
from shopnow.staging.copytext import copy_pieces

if TYPE_CHECKING:
    import polars as pl
    import psycopg

SQL = Sql(__package__)
SLICE_ROWS = 50_000
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
    statement = SQL.compose(
        "rows_copy",
        table=sql.Identifier(schema, table),
        columns=sql.SQL(", ").join(sql.Identifier(name) for name in rows.columns),
    )
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for start in range(0, rows.height, SLICE_ROWS):
            for piece in copy_pieces(rows[start : start + SLICE_ROWS]):
                copy.write(piece)
    return rows.height


def _said(rows: pl.DataFrame) -> list[str]:
    """The columns that say anything but what a staging table says by itself.

    That is null in all of them, but that a row is no deletion.
    """
    return [
        column.name
        for column in rows
        if (column.any() if column.name == _DELETION else column.null_count() < rows.height)
    ]
