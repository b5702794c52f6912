"""The SCD engine: statements to the change log, versions by one fold over it.

One general path serves every key that is known already or stated more than once: its versions are
computed anew from its whole change log and compared with what stands.  A key never heard of, with
one statement, is what the fold would make of it: one row, written directly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg import sql

from shopnow.dimensions.compose import parts_of
from shopnow.dimensions.members import MANY
from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import psycopg

    from shopnow.dimensions.spec import Dimension

SQL = Sql(__package__)
_WORK_TABLES = ("general_key", "logged", "affected_key", "folded", "target", "vanished")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one delivery's records in a dimension."""

    accepted: int = 0
    duplicate: int = 0
    superseded: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        """Counts of two parts of a delivery."""
        return Outcome(
            self.accepted + other.accepted,
            self.duplicate + other.duplicate,
            self.superseded + other.superseded,
        )


def load_dimension(
    conn: psycopg.Connection,
    dimension: Dimension,
    deliveries: Sequence[int],
    run_at: datetime,
    *,
    distinct: bool = False,
) -> dict[int, Outcome]:
    """Take the staged statements of `deliveries` into the dimension; outcomes by delivery.

    `distinct` says that each key is stated once, so that nothing looks for repeats.

    The caller holds the loader lock and one transaction around the batch; `run_at` (UTC) is the
    time at which everything written becomes known.  Leaves the work tables `affected_key` (the
    keys that went through the fold) and `vanished` (versions that are no more).
    """
    parts = parts_of(dimension)
    values = {"deliveries": list(deliveries), "run_at": run_at, "distinct": distinct}
    _drop_work_tables(conn)
    _execute(conn, "general_key", parts, values)
    outcomes = _log_statements(conn, parts, values)
    opened = _execute(conn, "fresh_open", parts, values)
    refold(conn, dimension, run_at)
    if opened > MANY:
        # What is looked up next is many times what the planner last saw.
        _execute(conn, "dimension_analyze", parts, {})
    return outcomes


def log_facts(
    conn: psycopg.Connection,
    dimension: Dimension,
    said: sql.Composable,
    deliveries: Sequence[int],
    run_at: datetime,
) -> dict[int, Outcome]:
    """Take statements about a fact that changes (offers) into its change log, and fold them.

    `said`: the relation that holds the statements, laid out as a staging table.  Leaves the work
    tables `general_key` (keys that went through the fold) and `folded` (their versions).
    """
    parts = parts_of(dimension) | {"staging": said}
    values = {"deliveries": list(deliveries), "run_at": run_at}
    _drop_work_tables(conn)
    _execute(conn, "general_key_logged", parts, values)
    outcomes = _log_statements(conn, parts, values)
    _execute(conn, "fold", parts, values)
    return outcomes


def _log_statements(
    conn: psycopg.Connection, parts: Mapping[str, sql.Composable], values: Mapping[str, Any]
) -> dict[int, Outcome]:
    conn.execute(SQL["general_key_analyze"])
    outcomes: dict[int, Outcome] = {}
    for key, accepted in _rows(conn, "fresh_count", parts, values):
        outcomes[key] = Outcome(accepted=accepted)
    _execute(conn, "fresh_log", parts, values)
    _execute(conn, "statements_log", parts, values)
    _execute(conn, "statements_append", parts, values)
    for key, accepted, duplicate, superseded in _rows(conn, "outcomes", parts, values):
        outcomes[key] = outcomes.get(key, Outcome()) + Outcome(accepted, duplicate, superseded)
    _execute(conn, "affected_key", parts, values)
    return outcomes


def refold(conn: psycopg.Connection, dimension: Dimension, run_at: datetime) -> None:
    """Recompute the keys of the work table `affected_key` from their change log and apply it."""
    parts = parts_of(dimension)
    values = {"run_at": run_at}
    for name in ("fold", "target", "vanished", "supersede", "remove", "rewrite", "open"):
        _execute(conn, name, parts, values)


def _execute(
    conn: psycopg.Connection,
    name: str,
    parts: Mapping[str, sql.Composable],
    values: Mapping[str, Any],
) -> int:
    return conn.execute(SQL.compose(name, **parts), values).rowcount


def _rows(
    conn: psycopg.Connection,
    name: str,
    parts: Mapping[str, sql.Composable],
    values: Mapping[str, Any],
) -> list[tuple[Any, ...]]:
    return conn.execute(SQL.compose(name, **parts), values).fetchall()


def _drop_work_tables(conn: psycopg.Connection) -> None:
    """Several dimensions are loaded in one transaction: each starts with empty work tables."""
    for table in _WORK_TABLES:
        conn.execute(SQL.compose("work_drop", table=sql.Identifier("pg_temp", table)))
