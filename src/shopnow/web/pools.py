"""Connections of the pages: each page is one read transaction under the role of who asks.

Protects isolation: SET LOCAL ROLE ends with the transaction, so that a connection that goes back to
its pool carries nobody's rights; the roles of the pool have none of their own.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final, Self

import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool, PoolTimeout

from shopnow.kernel import Sql, TransientError, connection_parameters
from shopnow.security import STAFF_POOL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from shopnow.kernel import Settings
    from shopnow.security import Person

SQL = Sql(__package__)
_MOST: Final = 8
_WAIT_SECONDS: Final = 5.0
# No page keeps the database busy: what takes longer is stopped.  Parallel workers are for loads.
_LIMITS: Final = (
    "-c timezone=UTC -c statement_timeout=5s -c idle_in_transaction_session_timeout=10s"
    " -c max_parallel_workers_per_gather=0"
)


@dataclass
class Pools:
    """One pool a login of the pages: a staff role cannot be taken from a seller's page."""

    settings: Settings
    _open: dict[str, ConnectionPool] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def door(self) -> Iterator[psycopg.Connection]:
        """Lend a connection, in autocommit, for accounts and sessions, and nothing else."""
        with _lent(self._pool(STAFF_POOL)) as conn:
            yield conn

    @contextmanager
    def of(self, person: Person) -> Iterator[psycopg.Connection]:
        """Lend a connection for one transaction under a person's role.

        Raises TransientError when the database does not answer.
        """
        with _lent(self._pool(person.pool_login)) as conn, conn.transaction():
            conn.execute(SQL.compose("role_take", role=sql.Identifier(person.role_name)))
            yield conn

    def _pool(self, login: str) -> ConnectionPool:
        with self._lock:
            if login not in self._open:
                self._open[login] = _pool(self.settings, login)
            return self._open[login]

    def close(self) -> None:
        """Close them all."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    def __enter__(self) -> Self:
        """Use in a `with`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


def _pool(settings: Settings, role: str) -> ConnectionPool:
    parameters = connection_parameters(settings, role)
    return ConnectionPool(
        kwargs={
            **parameters,
            "autocommit": True,
            "application_name": "shopnow-web",
            "options": _LIMITS,
        },
        min_size=0,
        max_size=_MOST,
        timeout=_WAIT_SECONDS,
        name=role,
        open=True,
        check=ConnectionPool.check_connection,
    )


@contextmanager
def _lent(pool: ConnectionPool) -> Iterator[psycopg.Connection]:
    try:
        lent = pool.getconn()
    except PoolTimeout as error:
        message = "the warehouse does not answer the pages"
        raise TransientError(message, "Start it with `shopnow up`.") from error
    try:
        yield lent
    finally:
        pool.putconn(lent)
