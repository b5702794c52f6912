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
    from collections.abc import Mapping

    from shopnow.web.visit import Visit

SQL = Sql(__package__)
_SALES: Final = timedelta(days=30)
_MOST: Final = 100


def show_shop(visit: Visit) -> Shown:
    """What was sold lately, and how good the deliveries were."""
    values = {"since": (visit.now - _SALES).date()}
    sales = _rows(visit, "shop_sales", values)
    days = _rows(visit, "shop_days", values)
    chart = bars(
        "Ventes nettes par jour",
        [(f"{day['date_on']:%d/%m}", day["currency"], float(day["net_amount"])) for day in days],
        across="jour",
        up="montant",
    )
    quality = _rows(visit, "shop_quality", values)
    return Shown("shop.html", {"sales": sales, "chart": chart, "quality": quality})


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
