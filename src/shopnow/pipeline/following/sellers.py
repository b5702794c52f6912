"""Sellers as the registry and the history know them.

Protects the durable number: whatever identifier a person types, it is looked up in the registry
and every figure is read by seller_no.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.rows import class_row

from shopnow.kernel import Sql, UsageError, nearest

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    import psycopg

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class SellerLine:
    """One seller as it is now; `versions` counts its versions up to the current one."""

    seller_no: int
    seller_id: str | None
    seller_name: str | None
    country: str | None
    status: str | None
    is_inferred: bool
    versions: int
    products: int
    last_delivery_at: datetime | None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name under which a source system knows a seller, and since when."""

    source: str
    seller_id: str
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that this seller was part of; it is in force while its end is open."""

    seller_no: int
    seller_id: str | None
    merged_into: int
    into_id: str | None
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True, slots=True)
class SellerVersion:
    """What was true of a seller over a period (end excluded)."""

    version: int
    seller_id: str | None
    seller_name: str | None
    legal_id: str | None
    country: str | None
    region: str | None
    city: str | None
    status: str | None
    commission_pct: Decimal | None
    category: str | None
    valid_from: datetime
    valid_to: datetime
    is_current: bool
    is_inferred: bool
    delivery_key: int
    source_line: int


@dataclass(frozen=True, slots=True)
class SellerStory:
    """A seller with its registration, names, versions, products by status and merges."""

    seller_no: int
    opened_on: date
    identifiers: list[Identifier]
    versions: list[SellerVersion]
    products: dict[str, int]
    merges: list[Merge]

    @property
    def current(self) -> SellerVersion:
        """The version in force."""
        return next(one for one in self.versions if one.is_current)


def list_sellers(conn: psycopg.Connection) -> list[SellerLine]:
    """Every seller, the house first, in the order of their numbers."""
    with conn.cursor(row_factory=class_row(SellerLine)) as cursor:
        return cursor.execute(SQL["seller_list"]).fetchall()


def seller_number(conn: psycopg.Connection, seller: str) -> int:
    """The number behind an identifier (or a number); raises UsageError when none or several."""
    found = [row[0] for row in conn.execute(SQL["seller_numbers"], {"seller": seller})]
    if len(found) == 1:
        return int(found[0])
    if found:
        numbers = ", ".join(map(str, found))
        raise UsageError(f"{seller!r} names several sellers", f"Give one number: {numbers}.")
    close = nearest(seller, [one.seller_id or "" for one in list_sellers(conn)])
    hint = f"Did you mean {close!r}?" if close else "`shopnow seller list` shows them."
    raise UsageError(f"no seller {seller!r}", hint)


def tell_seller(conn: psycopg.Connection, seller: str) -> SellerStory:
    """All that is known of a seller; raises UsageError for an identifier nobody registered."""
    number = seller_number(conn, seller)
    values = {"seller_no": number}
    row = conn.execute(SQL["seller_registered"], values).fetchone()
    assert row is not None  # noqa: S101 — every member has its number in the registry
    with conn.cursor(row_factory=class_row(Identifier)) as cursor:
        identifiers = cursor.execute(SQL["seller_identifiers"], values).fetchall()
    with conn.cursor(row_factory=class_row(SellerVersion)) as cursor:
        versions = cursor.execute(SQL["seller_versions"], values).fetchall()
    products: dict[str, int] = dict(conn.execute(SQL["seller_products"], values).fetchall())
    with conn.cursor(row_factory=class_row(Merge)) as cursor:
        merges = cursor.execute(SQL["seller_merges"], values).fetchall()
    return SellerStory(number, row[0], identifiers, versions, products, merges)
