"""Where the four tables stand: files of a folder, whatever their format, or tables of a server."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import psycopg
from psycopg import sql

from shopnow.kernel import Sql, UsageError, connect_elsewhere, from_database, nearest
from shopnow.pipeline.legacy.model import COLUMNS, LegacyTable

if TYPE_CHECKING:
    from psycopg.rows import TupleRow

SQL = Sql(__package__)
_DELIMITERS = (",", ";", "\t", "|")
_HEAD_BYTES = 65_536


def find_tables(folder: Path) -> dict[str, LegacyTable]:
    """The four tables among the files of `folder`, named `dim_customer.csv` or the like.

    A name may carry a schema before it and `.gz` after it.  Raises UsageError naming the tables
    that are not there, the files that are one table twice, the columns that a table lacks.
    """
    found: dict[str, list[Path]] = {name: [] for name in COLUMNS}
    for path in sorted(child for child in folder.iterdir() if child.is_file()):
        if not path.name.startswith("."):
            for part in path.name.lower().split("."):
                found.get(part, []).append(path)
    missing = [name for name, paths in found.items() if not paths]
    if missing:
        raise UsageError(
            f"no file of {', '.join(missing)} in {folder}",
            "Name them like dim_customer.csv or fact_order.parquet; all four tables are read.",
        )
    for name, paths in found.items():
        if len(paths) > 1:
            names = ", ".join(path.name for path in paths)
            raise UsageError(f"{name} stands there {len(paths)} times: {names}", "Keep one.")
    return {name: _table(name, paths[0]) for name, paths in found.items()}


def _table(name: str, path: Path) -> LegacyTable:
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if head.startswith(b"PAR1"):
        return LegacyTable(name, path, "parquet")
    if head.startswith(b"\x1f\x8b"):
        with gzip.open(path) as stream:
            head = stream.read(_HEAD_BYTES)
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    lines = head.decode(encoding, "replace").splitlines()
    headers = {
        mark: [cell.strip().strip('"') for cell in lines[0].split(mark)] if lines else []
        for mark in _DELIMITERS
    }
    mark = max(_DELIMITERS, key=lambda one: len(set(headers[one]) & set(COLUMNS[name])))
    _check_columns(name, headers[mark], path.name)
    return LegacyTable(name, path, "csv", mark)


def _check_columns(name: str, present: list[str], where: str) -> None:
    missing = [column for column in COLUMNS[name] if column not in present]
    if missing:
        close = nearest(missing[0], present)
        raise UsageError(
            f"{where} lacks {', '.join(missing)} of {name}",
            f"Is {close!r} the column {missing[0]!r}?"
            if close
            else f"The first line names the columns: {', '.join(COLUMNS[name])}.",
        )


def extract_tables(dsn: str, schema: str | None, folder: Path) -> dict[str, LegacyTable]:
    """Copies of the four tables of a PostgreSQL server, as text files in `folder`.

    All as of one moment, and in an order of their own: the same content gives the same bytes.
    Raises UsageError when a table or column is not there, TransientError when the server is not.
    """
    try:
        with connect_elsewhere(dsn) as conn:
            conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            with conn.transaction():
                for name in COLUMNS:
                    _look_at(conn, name, schema)
                return {name: _copied(conn, name, schema, folder) for name in COLUMNS}
    except psycopg.Error as error:
        raise from_database(error, "reading the former warehouse") from error


def _look_at(conn: psycopg.Connection[TupleRow], name: str, schema: str | None) -> None:
    """Refuse a server that lacks a table or a column before anything is written."""
    where = f"{schema}.{name}" if schema else name
    rows = conn.execute(SQL["columns"], {"table": where}).fetchall()
    if not rows:
        raise UsageError(f"no table {where} on that server", "--schema says where they stand.")
    _check_columns(name, [str(row[0]) for row in rows], where)


def _copied(
    conn: psycopg.Connection[TupleRow], name: str, schema: str | None, folder: Path
) -> LegacyTable:
    path = folder / f"{name}.csv"
    statement = SQL.compose(
        "extract",
        columns=sql.SQL(", ").join(sql.Identifier(column) for column in COLUMNS[name]),
        table=sql.Identifier(schema, name) if schema else sql.Identifier(name),
    )
    with (
        os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream,
        conn.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for block in copy:
            stream.write(block)
    return LegacyTable(name, path, "csv")


def kind_of_place(where: str) -> Literal["folder", "server"]:
    """Whether `where` is a folder or a connection string; raises UsageError when it is neither."""
    if Path(where).is_dir():
        return "folder"
    if "://" in where or "=" in where:
        return "server"
    raise UsageError(
        f"{where!r} is no folder and no connection string",
        "Give the folder of the four files, or postgresql://user@host/database.",
    )
