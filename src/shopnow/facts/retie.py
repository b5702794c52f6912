"""Facts whose version of a dimension vanished are bound to the one that holds at their time.

Protects the keys of the facts: they are not enforced, so that nothing else would notice.  Versions
that merely change their bounds are re-tied by a job of its own (scd.md R7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import Sql

if TYPE_CHECKING:
    import psycopg

SQL = Sql(__package__)
_BOUND = {
    "seller": ("retie_lines_seller",),
    "product": ("retie_lines_product", "retie_offers_product", "retie_clicks_product"),
    "customer": ("retie_lines_customer", "retie_headers_customer"),
}


def retie_vanished(conn: psycopg.Connection, dimension: str) -> int:
    """Re-tie the facts of the work table `vanished` of one dimension; returns how many moved."""
    row = conn.execute(SQL["vanished_any"]).fetchone()
    if row is None or not row[0]:
        return 0
    return sum(conn.execute(SQL[name]).rowcount for name in _BOUND[dimension])
