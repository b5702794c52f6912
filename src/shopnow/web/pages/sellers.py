"""Sellers: all of them, and one with its statuses, categories and quality over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psycopg.rows import dict_row

from shopnow.kernel import Sql, UsageError
from shopnow.pipeline import STATUSES, list_sellers, tell_seller
from shopnow.web.charts import bars
from shopnow.web.visit import NotFoundError, Shown

if TYPE_CHECKING:
    from markupsafe import Markup

    from shopnow.web.visit import Visit

SQL = Sql(__package__)
_DAYS: Final = 30


def several_sellers(visit: Visit) -> Shown:
    """Every seller, the one that sent last first."""
    found = [one for one in list_sellers(visit.conn) if one.seller_no >= 0]
    found.sort(key=lambda one: (one.last_delivery_at is None, -one.seller_no))
    found.sort(
        key=lambda one: one.last_delivery_at.timestamp() if one.last_delivery_at else 0.0,
        reverse=True,
    )
    return Shown("sellers.html", {"sellers": found, "statuses": STATUSES})


def one_seller(visit: Visit) -> Shown:
    """One seller over time."""
    number = visit.needed("number")
    try:
        story = tell_seller(visit.conn, str(number))
    except UsageError:
        raise NotFoundError from None
    values = {"story": story, "statuses": STATUSES, "quality": _quality(visit, number)}
    return Shown("seller.html", values)


def _quality(visit: Visit, seller_no: int) -> Markup:
    """What the seller sent over the last weeks, accepted and rejected, as bars a day."""
    values = {"seller_no": seller_no, "days": _DAYS, "now": visit.now, "zone": visit.settings.zone}
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(SQL["seller_days"], values).fetchall()
    return bars(
        "Enregistrements reçus par jour",
        [(f"{row['day']:%d/%m}", row["outcome"], float(row["records"])) for row in rows],
        across="jour",
        up="enregistrements",
    )
