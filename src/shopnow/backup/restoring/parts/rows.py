"""Rows of a part: copied beside the live ones, compared by key, then given back in one transaction.

Readers see the old rows until the new ones are committed; no lock keeps them waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from shopnow.backup.errors import BackupError
from shopnow.backup.restoring.parts.model import Column, Difference, Part, Table, in_scope
from shopnow.backup.store import SQL

if TYPE_CHECKING:
    import psycopg


def tables_of(source: psycopg.Connection, live: psycopg.Connection, part: Part) -> list[Table]:
    """Return the tables of a part as the source has them, parents of foreign keys first.

    Raises BackupError when a live table lacks a column that the source has.
    """
    there = {name: set(columns) for name, columns in _columns(live)}
    found = []
    for name, columns, types, key, is_partition in source.execute(SQL["tables_stored"]).fetchall():
        pairs = tuple(Column(*pair) for pair in zip(columns, types, strict=True))
        table = Table(name, pairs, tuple(key or ()), name in there, is_partition)
        if not in_scope(part, table):
            continue
        gone = {c.name for c in pairs} - there[name] if table.in_live else set()
        if gone:
            raise BackupError(
                f"{name} n'a plus la colonne {min(gone)} de la sauvegarde",
                "La structure a changé depuis : restaurer tout l'entrepôt à côté, puis migrer.",
            )
        found.append(table)
    return found


def _columns(conn: psycopg.Connection) -> list[tuple[str, list[str]]]:
    return [(row[0], row[1]) for row in conn.execute(SQL["tables_stored"]).fetchall()]


class Beside:
    """The rows of a part in a schema of the live database that nobody else sees."""

    def __init__(self, conn: psycopg.Connection, schema: str, part: Part) -> None:
        self._conn = conn
        self._schema = schema
        self._part = part

    def make(self) -> None:
        """Make the schema; those that an interrupted restore left go first."""
        for (name,) in self._conn.execute(SQL["leftover_schemas"]).fetchall():
            self._conn.execute(SQL.compose("beside_drop", schema=sql.Identifier(name)))
        self._conn.execute(SQL.compose("beside_create", schema=sql.Identifier(self._schema)))

    def drop(self) -> None:
        """Delete the schema with all rows in it."""
        self._conn.execute(SQL.compose("beside_drop", schema=sql.Identifier(self._schema)))

    def fill(self, source: psycopg.Connection, table: Table) -> None:
        """Copy the part's rows of a table from the source."""
        row = source.execute(
            SQL["beside_definition"],
            {"table": table.name, "schema": self._schema, "name": _flat(table.name)},
        ).fetchone()
        if row is None:
            raise BackupError(f"{table.name} n'est pas dans la source")
        # Written by the server itself, with its own quoting of names and types.
        self._conn.execute(str(row[0]).encode())
        columns = _names(table)
        taken = SQL.compose(
            "rows_copy_out",
            columns=columns, table=_relation(table.name), scope=self._scope(table, "t"),
        )  # fmt: skip
        given = SQL.compose("rows_copy_in", columns=columns, table=self._side(table))
        with source.cursor().copy(taken) as out, self._conn.cursor().copy(given) as into:
            for piece in out:
                into.write(piece)
        self._conn.execute(SQL.compose("beside_analyze", table=self._side(table)))

    def compare(self, table: Table, newest_delivery: int) -> Difference:
        """Count the rows that differ between beside and live."""
        statement = SQL.compose(
            "rows_compare",
            **self._pieces(table),
            newer=_newer(table, newest_delivery, "l"),
        )
        counts = self._conn.execute(statement).fetchone() if table.in_live else None
        if counts is None:
            row = self._conn.execute(SQL.compose("rows_count", table=self._side(table))).fetchone()
            return Difference(table.name, int(row[0]) if row else 0, 0, 0, 0, 0)
        return Difference(table.name, *counts)

    def give_back(self, table: Table, newest_delivery: int, *, keep_newer: bool) -> None:
        """Make the live rows of the part those beside, in the caller's transaction."""
        spared = sql.SQL("NOT ({newer})").format(newer=_newer(table, newest_delivery, "l"))
        pieces = self._pieces(table) | {"spared": spared if keep_newer else sql.SQL("TRUE")}
        self._conn.execute(SQL.compose("rows_delete", **pieces))
        self._conn.execute(SQL.compose("rows_insert", **pieces))

    def _pieces(self, table: Table) -> dict[str, sql.Composable]:
        pairs: list[sql.Composable] = [
            sql.SQL("s.{0} = l.{0}").format(sql.Identifier(name)) for name in table.key
        ]
        return {
            "side": self._side(table),
            "live": _relation(table.name),
            "columns": _names(table),
            "keys_match": sql.SQL(" AND ").join(pairs or [_same_row(table)]),
            "side_row": _row(table, "s"),
            "live_row": _row(table, "l"),
            "scope": self._scope(table, "l"),
        }

    def _scope(self, table: Table, alias: str) -> sql.Composable:
        if self._part.seller_no is None or not table.has_seller:
            return sql.SQL("TRUE")
        return sql.SQL("{}.seller_no = {}").format(
            sql.Identifier(alias), sql.Literal(self._part.seller_no)
        )

    def _side(self, table: Table) -> sql.Identifier:
        return sql.Identifier(self._schema, _flat(table.name))


def _same_row(table: Table) -> sql.Composable:
    """Return the condition that two whole rows are one, where a table has no key.

    The hashes let the server join them; equal rows that stand there several times count once.
    """
    rows = {"side": _row(table, "s"), "live": _row(table, "l")}
    hashes = "hash_record_extended({side}, 0) = hash_record_extended({live}, 0)"
    return sql.SQL(hashes + " AND {side} IS NOT DISTINCT FROM {live}").format(**rows)


def _newer(table: Table, newest_delivery: int, alias: str) -> sql.Composable:
    if not table.has_delivery:
        return sql.SQL("FALSE")
    return sql.SQL("coalesce({}.delivery_key > {}, FALSE)").format(
        sql.Identifier(alias), sql.Literal(newest_delivery)
    )


def _row(table: Table, alias: str) -> sql.Composable:
    parts = (sql.Identifier(alias, column.name) for column in table.columns)
    return sql.SQL("ROW({})").format(sql.SQL(", ").join(parts))


def _names(table: Table) -> sql.Composable:
    return sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)


def _relation(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))


def _flat(name: str) -> str:
    return name.replace(".", "__")
