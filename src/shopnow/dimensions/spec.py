"""What the engine knows of a dimension: its tables, its key, and the SCD type of each attribute.

Everything is read from the contract, so that the engine serves any assignment of types.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.sources import FEED_OF_KIND

if TYPE_CHECKING:
    from datetime import datetime

    from shopnow.sources import Contracts, RecordContract

# What facts copy from the version that they are bound to, or compute with.
_COPIED = {
    "seller": ("commission_pct",),
    "product": ("category_id",),
    "customer": ("country", "region"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute: its SCD type (0 to 3) and its bit in `present`, None where always said.

    `since`: the time from which a type-2 attribute is historised (it was of type 1 before);
    `default`: what an attribute is taken for as long as nobody has said it.
    """

    name: str
    scd: int
    bit: int | None
    since: datetime | None = None
    default: str | float | bool | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension as the engine sees it; names are those of the database."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    # Feeds whose full deliveries may withdraw its keys; none named: any.
    feeds: tuple[str, ...] = ()
    # Every chain begins with an inferred version until the first real one (scd.md R15, S22).
    is_strict: bool = False

    @property
    def surrogate(self) -> str:
        """Name of the surrogate key."""
        return f"{self.name}_key"

    @property
    def sequence(self) -> str:
        """Name of the sequence that gives it."""
        return f"dwh.dim_{self.name}_{self.surrogate}_seq"

    def typed(self, *scd: int) -> tuple[str, ...]:
        """Names of the attributes of these SCD types, in contract order."""
        return tuple(column.name for column in self.columns if column.scd in scd)

    @property
    def copied(self) -> tuple[str, ...]:
        """Names of the attributes that facts copy: facts follow when one of them changes."""
        return tuple(name for name in _COPIED.get(self.name, ()) if name in self.typed(2))

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of all attributes that statements carry."""
        return tuple(column.name for column in self.columns)


_KEYS = {
    "seller": ("seller_no",),
    "product": ("seller_no", "product_id"),
    "customer": ("customer_no",),
}


def _columns(contract: RecordContract) -> tuple[Column, ...]:
    """The historised attributes of a record contract."""
    return tuple(
        Column(
            attribute.name,
            attribute.scd or 0,
            place,
            since=attribute.historised_since,
            default=attribute.default,
        )
        for place, attribute in enumerate(contract.historised)
    )


def dimension_of(
    contract: RecordContract, key: tuple[str, ...], *, is_strict: bool = False
) -> Dimension:
    """The dimension that a record contract declares; `is_strict`: its feed's inferred members."""
    columns = _columns(contract)
    if contract.kind == "customer":
        # The pseudonym is no statement of the sender's: it is always there, only erasure moves it.
        columns = (Column("customer_id", 1, None), *columns)
    feeds = (FEED_OF_KIND[contract.kind],) if contract.kind in FEED_OF_KIND else ()
    return Dimension(contract.kind, key, columns, feeds, is_strict)


def dimensions_of(contracts: Contracts) -> tuple[Dimension, ...]:
    """The product's dimensions, reference dimensions first (Citus: their writes come first)."""
    return tuple(
        dimension_of(
            contracts.kinds[name],
            _KEYS[name],
            is_strict=contracts.feeds[FEED_OF_KIND[name]].inferred_members == "strict",
        )
        for name in ("seller", "customer", "product")
    )
