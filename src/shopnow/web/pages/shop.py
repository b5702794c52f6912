"""A seller's own pages: sales, quality, deliveries and rejects; rows by policy, never by filter.

Nothing here names a seller: the views of schema `seller` show the rows of whoever asks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import dict_row

from shopnow.kernel import Sql
from shopnow.pipeline import explain
from shopnow.web.charts import bars
from shopnow.web.visit import NotFoundError, Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from shopnow.web.visit import Visit

SQL = Sql(__package__)
_SALES: Final = timedelta(days=30)
_MOST: Final = 100
_CHARTS: Final = 3


def show_shop(visit: Visit) -> Shown:
    """What was sold lately, and how good the deliveries were."""
    today = visit.now.astimezone(visit.settings.tz).date()
    values = {"since": today - _SALES, "today": today}
    sales = _rows(visit, "shop_sales", values)
    days = _rows(visit, "shop_days", values)
    # Amounts of two currencies do not add up: a chart each.
    charts = [_sold(days, one["currency"]) for one in sales[:_CHARTS]]
    quality = _rows(visit, "shop_quality", values)
    return Shown("shop.html", {"sales": sales, "charts": charts, "quality": quality})


def _sold(days: Sequence[Mapping[str, Any]], currency: str) -> Markup:
    """What was sold each day in one currency; a day without sales is an empty place."""
    return bars(
        f"Ventes nettes par jour, {currency}",
        [(f"{day['date_on']:%d/%m}", currency, float(day["net_amount"] or 0))
         for day in days if day["currency"] == currency],
        across="jour",
        up=currency,
    )  # fmt: skip


def show_sent(visit: Visit) -> Shown:
    """What the seller sent, newest first."""
    return Shown("sent.html", {"deliveries": _rows(visit, "shop_sent", {"most": _MOST})})


def show_one_sent(visit: Visit) -> Shown:
    """One delivery of the seller, with every rejected line, why, and what to do."""
    key = visit.needed("number")
    found = _rows(visit, "shop_one_sent", {"delivery_key": key})
    if not found:
        raise NotFoundError
    rejects = [
        one | {"reasons": [explain(code) for code in one["rule_codes"]]}
        for one in _rows(visit, "shop_rejects", {"delivery_key": key, "most": _MOST})
    ]
    return Shown("one_sent.html", {"one": found[0], "rejects": rejects})


def _rows(visit: Visit, name: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        # The names are those of the calls above.
        return cursor.execute(SQL[name], values).fetchall()
