"""What became of a delivery: its counts, its reasons, its steps, its files.

Protects the answer that a sender is owed (did you get my file, what failed and why): every figure
comes from the tables that the load itself wrote, none is computed a second way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.rows import class_row

from shopnow.kernel import Sql, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """One delivery with its counts; `lines` are logical lines, the other counts records."""

    delivery_key: int
    sender: str
    sender_no: int
    source: str
    feed: str
    mode: str
    state: str
    file_name: str | None
    sha256: str
    effective_at: datetime
    effective_is_declared: bool
    received_at: datetime
    batch_no: int | None
    lines: int
    records: int
    accepted: int
    rejected: int
    duplicate: int
    superseded: int
    held: int
    blank: int
    unreadable: int
    reason: str | None
    # The delivery whose rejects it took in again, or that it corrects.
    replay_of: int | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class FileFacts:
    """One file of a delivery; `part` is its name in a bundle, size in bytes of readable content."""

    file_no: int
    part: str
    file_name: str
    sha256: str
    size_bytes: int
    landing_ref: str
    landing_path: str


@dataclass(frozen=True, slots=True)
class StepFacts:
    """One of the six steps; `is_of_batch` when other deliveries went through it together."""

    run_id: int
    step: int
    status: str
    started_at: datetime
    ended_at: datetime | None
    seconds: float | None
    rows_in: int | None
    rows_out: int | None
    rows_rejected: int | None
    is_of_batch: bool


@dataclass(frozen=True, slots=True)
class CodeCount:
    """How often a rule spoke of a column, and the first lines (at most five) where it did."""

    rule_code: str
    column_name: str
    records: int
    first_lines: list[int]


@dataclass(frozen=True, slots=True)
class DeliveryStory:
    """A delivery with all that can be said of it without a value of its records."""

    delivery: DeliveryFacts
    files: list[FileFacts]
    steps: list[StepFacts]
    rejects: list[CodeCount]
    warnings: list[CodeCount]
    cleanings: list[CodeCount]


def list_deliveries(
    conn: psycopg.Connection,
    *,
    keys: Sequence[int] | None = None,
    sender: str | None = None,
    feed: str | None = None,
    state: str | None = None,
    limit: int | None = None,
) -> list[DeliveryFacts]:
    """Deliveries that match every filter given, newest first; `sender` is a seller_id."""
    values = {
        "deliveries": None if keys is None else list(keys),
        "sender": sender,
        "feed": feed,
        "state": state,
        "limit": limit,
    }
    with conn.cursor(row_factory=class_row(DeliveryFacts)) as cursor:
        return cursor.execute(SQL["deliveries"], values).fetchall()


def find_delivery(conn: psycopg.Connection, delivery_key: int) -> DeliveryFacts:
    """The delivery of that number; raises UsageError when there is none."""
    found = list_deliveries(conn, keys=[delivery_key], limit=1)
    if not found:
        newest = list_deliveries(conn, limit=1)
        hint = "`shopnow delivery list` shows them."
        if newest:
            hint = f"The newest is {newest[0].delivery_key}; {hint}"
        raise UsageError(f"no delivery {delivery_key}", hint)
    return found[0]


def files_received(conn: psycopg.Connection, delivery_key: int) -> list[FileFacts]:
    """The files of a delivery, in order."""
    with conn.cursor(row_factory=class_row(FileFacts)) as cursor:
        return cursor.execute(SQL["files"], {"delivery_key": delivery_key}).fetchall()


def steps_taken(conn: psycopg.Connection, delivery: DeliveryFacts) -> list[StepFacts]:
    """The steps of a delivery in the order they began, those of its batch among them."""
    values = {"delivery_key": delivery.delivery_key, "batch_no": delivery.batch_no}
    with conn.cursor(row_factory=class_row(StepFacts)) as cursor:
        return cursor.execute(SQL["steps"], values).fetchall()


def tell_delivery(conn: psycopg.Connection, delivery_key: int) -> DeliveryStory:
    """All that is known of a delivery; raises UsageError when there is none of that number."""
    delivery = find_delivery(conn, delivery_key)
    return DeliveryStory(
        delivery=delivery,
        files=files_received(conn, delivery_key),
        steps=steps_taken(conn, delivery),
        rejects=_codes(conn, "reject_codes", delivery_key),
        warnings=_codes(conn, "warning_codes", delivery_key),
        cleanings=_codes(conn, "cleaning_codes", delivery_key),
    )


def _codes(conn: psycopg.Connection, statement: str, delivery_key: int) -> list[CodeCount]:
    with conn.cursor(row_factory=class_row(CodeCount)) as cursor:
        return cursor.execute(SQL[statement], {"delivery_key": delivery_key}).fetchall()
