"""What the planner knows of the warehouse's tables, kept up between batches.

Protects loads that follow one another within minutes: without it the first days of a new
warehouse are planned as if its tables were empty.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Self

from psycopg import sql

from shopnow.kernel import Sql

if TYPE_CHECKING:
    import psycopg

SQL = Sql(__package__)


class Upkeep:
    """Counts grown tables while deliveries are read; whoever loads waits for it.

    `owner` is a connection of the tables' owner, outside any transaction: nobody else may use it
    from `begin` to `wait`.  Left with an error, what the count met is not told.
    """

    def __init__(self, owner: psycopg.Connection) -> None:
        """Begin nothing yet."""
        self._owner = owner
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="upkeep")
        self._counting: Future[int] | None = None

    def __enter__(self) -> Self:
        """Nothing to open: the thread begins with the first count."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Wait for what is under way, so that the connection may be closed."""
        self._thread.shutdown()
        if kind is None:
            self.wait()

    def begin(self) -> None:
        """Count the tables that grew much, beside the caller."""
        self.wait()
        self._counting = self._thread.submit(count_grown_tables, self._owner)

    def wait(self) -> None:
        """Return when the planner knows what was begun; raises what the count met."""
        counting, self._counting = self._counting, None
        if counting is not None:
            counting.result()


def count_grown_tables(owner: psycopg.Connection) -> int:
    """Have the planner count the tables that grew much; returns how many, none as a rule.

    `owner` is a connection of the tables' owner, outside any transaction.
    """
    grown = owner.execute(SQL["tables_grown"]).fetchall()
    for schema, table in grown:
        owner.execute(SQL.compose("table_analyze", table=sql.Identifier(schema, table)))
        owner.execute(SQL["table_summarise"], {"table_schema": schema, "table_name": table})
    return len(grown)
