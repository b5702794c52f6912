"""The marts that a person may read: what each says, and how fresh it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import dict_row

from shopnow.kernel import Sql
from shopnow.web.visit import Shown

if TYPE_CHECKING:
    from shopnow.web.visit import Visit

SQL = Sql(__package__)


def show_marts(visit: Visit) -> Shown:
    """Every mart that the person's role may read, with the time of its newest row."""
    with visit.conn.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(SQL["marts_readable"]).fetchall()
    for one in found:
        if one["is_dated"]:
            table = sql.Identifier("mart", one["name"])
            row = visit.conn.execute(SQL.compose("mart_fresh", mart=table)).fetchone()
            one["refreshed_at"] = row[0] if row else None
    return Shown("marts.html", {"marts": found})
