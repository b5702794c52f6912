"""Old versions thinned out: those that ended before a day become one archived version (S76).

Protects the promise that the dimension stays a pure function of its log: the statements that made
the old versions become one that carries what they left, and the fold does the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from shopnow.dimensions.compose import COMMA, parts_of, present_bit
from shopnow.dimensions.engine import refold
from shopnow.dimensions.statements import drop_work_tables, execute

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import psycopg

    from shopnow.dimensions.spec import Column, Dimension

_LATEST = (
    "ORDER BY l.effective_at DESC, l.source_rank DESC, l.source_sequence DESC NULLS LAST,"
    " l.content_hash DESC"
)


def find_archived(conn: psycopg.Connection, dimension: Dimension, before: datetime) -> int:
    """Find the members with several versions that all ended before a time; returns how many.

    Leaves the work table `archived`, in the caller's transaction.  A member that was withdrawn in
    that time, was erased or is reserved is left as it is.
    """
    drop_work_tables(conn, "archived")
    return execute(conn, "archive_find", _parts(dimension), {"before": before})


def archive_found(conn: psycopg.Connection, dimension: Dimension, run_at: datetime) -> None:
    """Give the members found one version for all their old ones.

    The caller holds the loader lock; facts bound to a version that goes are in `vanished`, for the
    caller to bind anew.  What goes is not kept among what was believed: its time is over.
    """
    parts = _parts(dimension)
    drop_work_tables(conn, "archive_said", "affected_key", "folded", "target", "vanished")
    for name in ("archive_said", "archive_forget", "archive_log", "archive_affected"):
        execute(conn, name, parts, {})
    refold(conn, dimension, run_at)
    execute(conn, "archive_superseded", parts, {"run_at": run_at})


def _parts(dimension: Dimension) -> Mapping[str, sql.Composable]:
    carried = COMMA.join(_carried(column) for column in dimension.columns)
    return parts_of(dimension) | {"carried_of_l": carried}


def _carried(column: Column) -> sql.Composable:
    """The last value that any of the old statements gave."""
    present = sql.SQL("TRUE") if column.bit is None else present_bit(column, "l.")
    return sql.SQL(
        f"(array_agg(l.{{name}} {_LATEST}) FILTER (WHERE l.kind = 'upsert' AND {{said}}))[1]"
        " AS {name}"
    ).format(name=sql.Identifier(column.name), said=present)
