"""What analysts read: sales and visits with small groups folded, refreshed once a day.

Protects the rule that no subtraction of what analysts see leaves fewer than five customers.  Months
are folded whole: sellers first, then the products of the sellers that stand by name, so that one
refines the other; days cross both, so that a day which contains a seller or a product but for a few
buyers, or lies within one, is folded into the rest of its month (docs/decisions/0020).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg import ClientCursor, sql

from shopnow.kernel import Sql, connect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import psycopg
    from psycopg.rows import TupleRow

    from shopnow.kernel import Clock, Settings

SQL = Sql(__package__)
# Fewer people than these are never a group.
SMALLEST: Final = 5
_CELLS: Final = ("fold_line", "fold_month", "fold_seller", "fold_product", "fold_day", "fold_cell")
_SALES: Final = ("seller", "product", "day")


@dataclass(frozen=True)
class Folded:
    """What a refresh wrote: months, rows, and days that were folded into their month."""

    months: int
    rows: int
    days_folded: int


def refresh_analyst(settings: Settings, clock: Clock) -> Folded:
    """Fold anew the months whose marts changed since the last time; scheduled once a day.

    A transaction of its own a month: the loader waits for nothing.
    """
    done = []
    with connect(settings, application_name="shopnow marts for analysts") as connection:
        months = [month for (month,) in connection.execute(SQL["months_touched"]).fetchall()]
        for month in months:
            with connection.transaction():
                done.append(_fold(connection, month, clock))
    return Folded(len(months), sum(one.rows for one in done), sum(one.days_folded for one in done))


def _fold(conn: psycopg.Connection[TupleRow], month: date, clock: Clock) -> Folded:
    values = {
        "months": [month],
        "first": month,
        "next": _next(month),
        "smallest": SMALLEST,
        "run_at": clock.now(),
    }
    for name in _CELLS:
        # A statement that makes a table takes no bound values: they are ours and written in.
        _make(conn, name, values)
        conn.execute(SQL.compose("fold_analyze", table=sql.Identifier(name)))
    folded = _fold_days(conn)
    rows = 0
    for name in (*_SALES, "traffic"):
        conn.execute(SQL[f"clear_{name}"], values)
        rows += conn.execute(SQL[f"insert_{name}"], values).rowcount
    return Folded(1, rows, folded)


def _make(conn: psycopg.Connection[TupleRow], name: str, values: dict[str, object]) -> None:
    with ClientCursor(conn) as cursor:
        cursor.execute(SQL[name], values)


def _fold_days(conn: psycopg.Connection[TupleRow]) -> int:
    """Fold days until none gives anybody away; returns how many more than were small."""
    folded = 0
    while found := conn.execute(SQL["fold_crossing"], {"smallest": SMALLEST}).fetchall():
        # The folded days are no day that one could fold: then the month stands whole.
        folded += _out(conn, found)
    few = conn.execute(SQL["fold_days_few"], {"smallest": SMALLEST}).fetchall()
    return folded + _out(conn, [(month, currency, None) for month, currency in few])


def _out(conn: psycopg.Connection[TupleRow], found: Sequence[tuple[date, str, date | None]]) -> int:
    for month, currency, day in found:
        conn.execute(SQL["fold_day_out"], {"month": month, "currency": currency, "date_on": day})
    return len(found)


def _next(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
