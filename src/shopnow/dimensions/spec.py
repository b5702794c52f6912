"""What the engine knows of a dimension: its tables, its key, and the SCD type of each attribute.

Everything is read from the contract, so that the engine serves any assignment of types.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shopnow.sources import Contracts, RecordContract


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute: its SCD type (0 to 3) and its bit in `present`, None where always said."""

    name: str
    scd: int
    bit: int | None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension as the engine sees it; names are those of the database."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def surrogate(self) -> str:
        """Name of the surrogate key."""
        return f"{self.name}_key"

    def typed(self, *scd: int) -> tuple[str, ...]:
        """Names of the attributes of these SCD types, in contract order."""
        return tuple(column.name for column in self.columns if column.scd in scd)

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of all attributes that statements carry."""
        return tuple(column.name for column in self.columns)


_KEYS = {
    "seller": ("seller_no",),
    "product": ("seller_no", "product_id"),
    "customer": ("customer_no",),
}


def dimension_of(contract: RecordContract, key: tuple[str, ...]) -> Dimension:
    """The dimension that a record contract declares."""
    columns = tuple(
        Column(attribute.name, attribute.scd or 0, place)
        for place, attribute in enumerate(contract.historised)
    )
    if contract.kind == "customer":
        # The pseudonym is no statement of the sender's: it is always there, only erasure moves it.
        columns = (Column("customer_id", 1, None), *columns)
    return Dimension(contract.kind, key, columns)


def dimensions_of(contracts: Contracts) -> tuple[Dimension, ...]:
    """The product's dimensions, reference dimensions first (Citus: their writes come first)."""
    return tuple(
        dimension_of(contracts.kinds[name], _KEYS[name])
        for name in ("seller", "customer", "product")
    )
