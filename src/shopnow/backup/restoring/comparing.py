"""What differs between two warehouses, or between one and what a mark says it held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import IsolationLevel, sql

from shopnow.backup.store import SQL, extents, structure_of
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shopnow.backup.model import Extent, Mark
    from shopnow.kernel import Settings


@dataclass(frozen=True, slots=True)
class Held:
    """What a warehouse holds and how it is built, in one snapshot."""

    tables: Mapping[str, Extent]
    structure: tuple[str, ...]
    # Sequences that would give a number already used.
    sequences_behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableDifference:
    """A table that differs: rows before (live, or marked) and after (restored)."""

    name: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs; empty when the restored warehouse is what was wanted."""

    tables: tuple[TableDifference, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    sequences_behind: tuple[str, ...]
    compared: int

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not (self.tables or self.missing or self.added or self.sequences_behind)


def held_by(settings: Settings) -> Held:
    """Return what a warehouse holds, read in one snapshot."""
    with connect(settings, None, autocommit=False, application_name="shopnow restore") as conn:
        conn.isolation_level = IsolationLevel.REPEATABLE_READ
        with conn.transaction():
            behind = []
            for name, table, column in conn.execute(SQL["sequences_owned"]).fetchall():
                statement = SQL.compose(
                    "sequence_behind",
                    sequence=sql.Identifier(*name.split(".")),
                    table=sql.Identifier(*table.split(".")),
                    column=sql.Identifier(column),
                )
                row = conn.execute(statement).fetchone()
                if row and row[0]:
                    behind.append(name)
            return Held(extents(conn), structure_of(conn), tuple(behind))


def marked(mark: Mark) -> Held:
    """Return what a mark says was held."""
    return Held(mark.tables, mark.structure)


def compared(before: Held, after: Held, *, ignoring: Sequence[str] = ()) -> Comparison:
    """Return what differs between two; tables named in `ignoring` are left out."""
    names = sorted({*before.tables, *after.tables} - set(ignoring))
    differing = [name for name in names if before.tables.get(name) != after.tables.get(name)]
    return Comparison(
        tuple(TableDifference(name, _rows(before, name), _rows(after, name)) for name in differing),
        tuple(sorted(set(before.structure) - set(after.structure))),
        tuple(sorted(set(after.structure) - set(before.structure))),
        after.sequences_behind,
        len(names),
    )


def _rows(held: Held, name: str) -> int | None:
    extent = held.tables.get(name)
    return extent.rows if extent else None
