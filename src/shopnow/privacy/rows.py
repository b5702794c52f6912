"""Frames into tables and back in bulk: set-based, and no value ever stands in a statement.

What passes here is already ciphertext, keyed hash or number; a plain value never does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from polars import selectors
from psycopg import sql

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from psycopg import Connection

SQL: Final = Sql(__package__)
_SLICE_ROWS: Final = 100_000
_INSTANT: Final = "%Y-%m-%d %H:%M:%S%.6f%:z"


def copy_in(conn: Connection, table: sql.Composable, frame: pl.DataFrame) -> int:
    """Append the frame to the columns of `table` that it names; return its number of rows."""
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in frame.columns)
    statement = SQL.compose("rows_copy_in", table=table, columns=columns)
    hexed = frame.with_columns(("\\x" + selectors.binary().bin.encode("hex")).name.keep())
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for part in hexed.iter_slices(_SLICE_ROWS):
            copy.write(part.write_csv(include_header=False, datetime_format=_INSTANT).encode())
    return frame.height


def numbers_out(conn: Connection, name: str) -> pl.DataFrame:
    """Return the Int64 columns of the statement `name`, which packs each of them in one value.

    COPY TO sends a message a row, and the driver wakes up for each: five times slower.
    """
    with conn.cursor(binary=True) as cursor:
        cursor.execute(SQL[name])
        packed = cursor.fetchone() or ()
        names = [column.name for column in cursor.description or ()]
    columns = [np.frombuffer(numbers or b"", dtype=">i8").astype(np.int64) for numbers in packed]
    return pl.DataFrame(dict(zip(names, columns, strict=True)))
