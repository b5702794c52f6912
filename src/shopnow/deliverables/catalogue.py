"""What the live warehouse consists of: schemas, tables, columns, keys, and their comments."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import dict_row

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psycopg import Connection
    from psycopg.rows import TupleRow

SQL = Sql(__package__ or "")
OWNER: Final = "shopnow_owner"
_BY_RELATION = itemgetter("schema_name", "relation_name")


@dataclass(frozen=True)
class Column:
    """One column; `origin` is "identity" or "generated" when the database gives the value."""

    name: str
    type: str
    is_required: bool
    origin: str | None
    comment: str | None


@dataclass(frozen=True)
class Constraint:
    """One key or check, as PostgreSQL writes it."""

    name: str
    definition: str


@dataclass(frozen=True)
class Relation:
    """One table or view; partitions are left out."""

    schema: str
    name: str
    kind: str
    partition_key: str | None
    is_unlogged: bool
    comment: str | None
    columns: tuple[Column, ...]
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True)
class Catalogue:
    """All schemas of the product with their comments, and all relations, sorted by name."""

    schemas: tuple[tuple[str, str | None], ...]
    relations: tuple[Relation, ...]


def read_catalogue(conn: Connection[TupleRow]) -> Catalogue:
    """Return the catalogue of everything that the owner of the schemas owns."""
    columns = _grouped(_rows(conn, "catalogue_columns"))
    constraints = _grouped(_rows(conn, "catalogue_constraints"))
    relations = tuple(
        Relation(
            schema=row["schema_name"],
            name=row["relation_name"],
            kind=row["kind"],
            partition_key=row["partition_key"],
            is_unlogged=row["is_unlogged"],
            comment=row["comment"],
            columns=tuple(map(_column, columns.get(_BY_RELATION(row), ()))),
            constraints=tuple(
                Constraint(item["constraint_name"], item["definition"])
                for item in constraints.get(_BY_RELATION(row), ())
            ),
        )
        for row in _rows(conn, "catalogue_relations")
    )
    schemas = _rows(conn, "catalogue_schemas")
    return Catalogue(tuple((row["schema_name"], row["comment"]) for row in schemas), relations)


def _rows(conn: Connection[TupleRow], name: str) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(SQL[name], {"owner": OWNER}).fetchall()


def _grouped(rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    return {key: list(group) for key, group in groupby(rows, key=_BY_RELATION)}


def _column(row: dict[str, Any]) -> Column:
    return Column(
        name=row["column_name"],
        type=row["type_name"],
        is_required=row["is_required"],
        origin=row["origin"],
        comment=row["comment"],
    )
