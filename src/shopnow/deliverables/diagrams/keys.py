"""Keys of a table, read out of the definitions that PostgreSQL gives of its constraints."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shopnow.deliverables.catalogue import Relation

_COLUMNS: Final = re.compile(r"\(([^)]*)\)")
_FOREIGN: Final = re.compile(r"FOREIGN KEY \(([^)]*)\) REFERENCES ([\w.]+)\(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that refer to another table (`schema.name`); enforced by the database or not."""

    columns: tuple[str, ...]
    target: str
    is_enforced: bool


@dataclass(frozen=True, slots=True)
class Keys:
    """The primary key, the columns of unique keys, and the foreign keys of a table."""

    primary: tuple[str, ...]
    unique: frozenset[str]
    foreign: tuple[ForeignKey, ...]


def keys_of(relation: Relation) -> Keys:
    """The keys that a table declares."""
    primary: tuple[str, ...] = ()
    unique: set[str] = set()
    foreign = []
    for constraint in relation.constraints:
        text = constraint.definition
        if text.startswith("PRIMARY KEY"):
            primary = _first_columns(text)
        elif text.startswith("UNIQUE"):
            unique |= set(_first_columns(text))
        elif found := _FOREIGN.search(text):
            columns, target, _ = found.groups()
            full = target if "." in target else f"{relation.schema}.{target}"
            foreign.append(ForeignKey(tuple(columns.split(", ")), full, "NOT ENFORCED" not in text))
    return Keys(primary, frozenset(unique), tuple(foreign))


def _first_columns(definition: str) -> tuple[str, ...]:
    found = _COLUMNS.search(definition)
    return tuple(found[1].split(", ")) if found else ()
