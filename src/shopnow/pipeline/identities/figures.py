"""What belongs to a seller, so that a person sees what a command would do before it does it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from shopnow.kernel import Sql, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class SellerFigures:
    """A seller as it is now, its products, its order lines, its net sales by currency."""

    seller_no: int
    seller_id: str | None
    seller_name: str | None
    legal_id: str | None
    products: int
    lines: int
    net_amounts: dict[str, Decimal]


def figures_of(conn: psycopg.Connection, seller_no: int) -> SellerFigures:
    """The figures of a registered seller."""
    values = {"seller_no": seller_no}
    row = conn.execute(SQL["figures"], values).fetchone()
    assert row is not None  # noqa: S101 — every registered seller has a member
    sales = conn.execute(SQL["figures_sales"], values).fetchall()
    net = {currency: Decimal(amount) for currency, _, amount in sales}
    lines = sum(int(count) for _, count, _ in sales)
    seller_id, seller_name, legal_id, products = row
    return SellerFigures(seller_no, seller_id, seller_name, legal_id, products, lines, net)


def added_up(one: dict[str, Decimal], other: dict[str, Decimal]) -> dict[str, Decimal]:
    """Amounts of two sellers by currency; currencies are never added to one another."""
    nothing = Decimal(0)
    return {
        currency: one.get(currency, nothing) + other.get(currency, nothing)
        for currency in sorted({*one, *other})
    }


def not_ahead(at: datetime, now: datetime) -> None:
    """Refuse a day that has not come: what a command says holds from then until now."""
    if at > now:
        raise UsageError(
            f"{at:%Y-%m-%d %H:%M %Z} has not come yet", "Call the command again on that day."
        )
