"""What part of the warehouse to give back, and what that would change."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence


class Reach(StrEnum):
    """How far a part reaches."""

    SCHEMA = "schema"
    MART = "mart"
    TABLE = "table"
    PARTITION = "partition"
    SELLER = "seller"


# Where rows of a seller are given back; who may see them is the access ledger's business.
SELLER_SCHEMAS: Final = ("dwh", "history", "mart", "quality")


@dataclass(frozen=True, slots=True)
class Part:
    """A part by name; for a seller its number, and the tables to keep to (none: all)."""

    extent: Reach
    name: str
    seller_no: int | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A stored column: its name and its type as SQL writes it."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the source: its stored columns, the key of its rows (none: the whole row)."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    in_live: bool
    is_partition: bool = False

    @property
    def has_delivery(self) -> bool:
        """Whether its rows say which delivery they came from."""
        return any(column.name == "delivery_key" for column in self.columns)

    @property
    def has_seller(self) -> bool:
        """Whether its rows belong to a seller."""
        return any(column.name == "seller_no" for column in self.columns)


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows of one table: lacking in the live one, altered there, only there, the same in both.

    `newer`: of those altered or only there, how many a delivery after the backup brought.
    """

    table: str
    missing: int
    changed: int
    extra: int
    same: int
    newer: int

    @property
    def any(self) -> bool:
        """Whether a restore would write anything."""
        return bool(self.missing or self.changed or self.extra)


@dataclass(frozen=True, slots=True)
class PartReport:
    """What a part's restore found, and whether it was applied."""

    source: str
    objects: tuple[str, ...]
    differences: tuple[Difference, ...]
    applied: bool
    seconds: dict[str, float] = field(default_factory=dict)
    orphans: tuple[str, ...] = ()

    @property
    def newer(self) -> int:
        """Rows that deliveries after the backup brought, and that an exact restore would undo."""
        return sum(one.newer for one in self.differences)

    @property
    def any(self) -> bool:
        """Whether anything differs at all."""
        return bool(self.objects) or any(one.any for one in self.differences)


def in_scope(part: Part, table: Table) -> bool:
    """Say whether a table of the source belongs to a part.

    >>> orders = Table("dwh.fact_order", (Column("seller_no", "integer"),), ("seller_no",), True)
    >>> in_scope(Part(Reach.SELLER, "S1", 7), orders), in_scope(Part(Reach.MART, "x"), orders)
    (True, False)
    """
    if table.is_partition is not (part.extent is Reach.PARTITION):
        return False
    schema = table.name.split(".")[0]
    if part.extent is Reach.SELLER:
        wanted: Sequence[str] = part.only or (table.name,)
        return schema in SELLER_SCHEMAS and table.has_seller and table.name in wanted
    if part.extent is Reach.SCHEMA:
        return schema == part.name
    return table.name == (f"mart.{part.name}" if part.extent is Reach.MART else part.name)
