"""Rows of a large delivery, copied on a connection of their own while the next chunk is judged.

Protects "nothing half-done": the rows are committed before the delivery is, so a mark is committed
with them; an intake that finds the mark removes the rows first (ADR 0041).
"""

from __future__ import annotations

import threading
from contextlib import suppress
from queue import Empty, Full, Queue
from typing import TYPE_CHECKING

from shopnow.kernel import Sql
from shopnow.staging.store import copy_rows

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import polars as pl
    import psycopg

SQL = Sql(__package__)
_WAITING = 2
_LOOK_UP_SECONDS = 0.2


class Apart:
    """Copies frames into staging in a thread; `with` ends it, without `finish` nothing stays.

    At most two frames wait: memory follows the chunk, not the file.
    """

    def __init__(self, conn: psycopg.Connection, delivery_key: int) -> None:
        """`conn`: idle and lent to this alone, until the `with` is left."""
        self._conn = conn
        self._delivery_key = delivery_key
        self._queue: Queue[tuple[str, pl.DataFrame] | None] = Queue(maxsize=_WAITING)
        self._error: BaseException | None = None
        self._ended = threading.Event()
        self._worker = threading.Thread(target=self._work, name="apart", daemon=True)

    def put(self, table: str, rows: pl.DataFrame) -> None:
        """Hand over rows of a staging table; raises what an earlier COPY raised."""
        if rows.height:
            self._hand_over((table, rows))

    def finish(self) -> None:
        """Wait for every row and commit them with their mark; raises what a COPY raised."""
        self._hand_over(None)
        self._worker.join()
        self._raise()

    def __enter__(self) -> Self:
        """Begin."""
        self._worker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the thread; what was not finished is rolled back."""
        self._ended.set()
        self._worker.join()

    def _hand_over(self, item: tuple[str, pl.DataFrame] | None) -> None:
        while True:
            self._raise()
            with suppress(Full):
                self._queue.put(item, timeout=_LOOK_UP_SECONDS)
                return

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        try:
            with self._conn.transaction():
                self._conn.execute(SQL["apart_begin"], {"delivery_key": self._delivery_key})
                while (item := self._next()) is not None:
                    copy_rows(self._conn, "staging", *item)
        except _LeftError:
            return
        except BaseException as error:  # noqa: BLE001 — raised again where it is awaited
            self._error = error

    def _next(self) -> tuple[str, pl.DataFrame] | None:
        """The next rows, or None at their end; raises when the intake was left before it."""
        while not self._ended.is_set():
            with suppress(Empty):
                return self._queue.get(timeout=_LOOK_UP_SECONDS)
        raise _LeftError


class _LeftError(Exception):
    """The intake ended without its rows: they are rolled back."""


def is_left_apart(conn: psycopg.Connection, delivery_key: int) -> bool:
    """Say whether an intake of the delivery that did not end left rows behind."""
    row = conn.execute(SQL["apart_left"], {"delivery_key": delivery_key}).fetchone()
    return bool(row and row[0])


def end_apart(conn: psycopg.Connection, delivery_key: int) -> None:
    """Take the mark away, in the transaction by which the delivery's rows count."""
    conn.execute(SQL["apart_end"], {"deliveries": [delivery_key]})
