"""Pulls: how far each source was fetched, and which of its files were taken.

Protects the rule that nothing is fetched past: how far a source was fetched moves in the
transaction that receives the delivery, and in no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.rows import class_row

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

SQL = Sql(__package__)
# A source that fails is tried again at least once a day.
_LONGEST_SECONDS: Final = 86_400

# Name, size in bytes, version.
Taken = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class PullState:
    """How a fetched source stands; `last_error` is French."""

    source: str
    resume_value: str | None
    last_attempt_at: datetime | None
    last_success_at: datetime | None
    next_at: datetime | None
    failures: int
    last_error: str | None
    delivery_key: int | None


class PullUnderWayError(Exception):
    """Somebody else fetches the source at this moment."""


def register_pull(conn: psycopg.Connection, source: str) -> None:
    """Make the row of a source, outside any transaction of a pull."""
    conn.execute(SQL["pull_register"], {"source": source})


def lock_pull(conn: psycopg.Connection, source: str) -> str | None:
    """From where the source goes on; nobody else fetches it until the transaction ends.

    Raises PullUnderWayError when somebody does.
    """
    try:
        row = conn.execute(SQL["pull_lock"], {"source": source}).fetchone()
    except psycopg.errors.LockNotAvailable:
        raise PullUnderWayError(source) from None
    return None if row is None else row[0]


def pull_done(
    conn: psycopg.Connection,
    source: str,
    *,
    at: datetime,
    next_at: datetime,
    resume: str | None = None,
    delivery_key: int | None = None,
) -> None:
    """A pull ended well; None leaves a value as it was."""
    values = {"source": source, "resume_value": resume, "at": at, "next_at": next_at,
              "delivery_key": delivery_key}  # fmt: skip
    conn.execute(SQL["pull_done"], values)


def pull_failed(
    conn: psycopg.Connection, source: str, *, at: datetime, every: timedelta, error: str
) -> int:
    """A pull failed: it is due again later and later; returns how often it failed in a row."""
    row = conn.execute(
        SQL["pull_failed"],
        {
            "source": source,
            "at": at,
            "every_seconds": every.total_seconds(),
            "longest_seconds": _LONGEST_SECONDS,
            "error": error,
        },
    ).fetchone()
    return 0 if row is None else int(row[0])


def pull_states(conn: psycopg.Connection) -> dict[str, PullState]:
    """How every source stands that was ever fetched."""
    with conn.cursor(row_factory=class_row(PullState)) as cursor:
        return {one.source: one for one in cursor.execute(SQL["pulls_state"])}


def taken_before(conn: psycopg.Connection, source: str, names: Sequence[str]) -> set[Taken]:
    """Which versions of the files of these names were taken."""
    rows = conn.execute(SQL["taken_known"], {"source": source, "names": list(names)}).fetchall()
    return {(row[0], int(row[1]), row[2]) for row in rows}


def mark_taken(
    conn: psycopg.Connection, source: str, file: Taken, at: datetime, delivery_key: int | None
) -> None:
    """A file was taken; `delivery_key` None: its bytes had been delivered before."""
    name, size, version = file
    values = {"source": source, "file_name": name, "size_bytes": size, "version": version,
              "taken_at": at, "delivery_key": delivery_key}  # fmt: skip
    conn.execute(SQL["taken_add"], values)
