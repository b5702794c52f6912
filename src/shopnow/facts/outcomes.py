"""Outcomes of a batch's records by delivery, read from the statements that count them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString

from shopnow.dimensions import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg


def read_outcomes(
    conn: psycopg.Connection, statement: LiteralString, values: Mapping[str, Any]
) -> dict[int, Outcome]:
    """Outcomes by delivery from a statement that gives key, accepted, duplicate, superseded."""
    rows = conn.execute(statement, values).fetchall()
    return {key: Outcome(int(a), int(d), int(s)) for key, a, d, s in rows}
