"""Deliveries: received once, numbered for good, counted exactly (DESIGN 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from psycopg import sql
from psycopg.rows import class_row

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import psycopg

    from shopnow.staging.landing import LandedFile

SQL = Sql(__package__)
Verdict = Literal["new", "duplicate", "held"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a delivery when it arrives; times in UTC."""

    sender_no: int
    source: str
    feed: str
    mode: str
    sha256: bytes
    effective_at: datetime
    effective_is_declared: bool
    received_at: datetime
    contract_version: str
    file_name: str
    # The delivery that the sender declares to be corrected.
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier delivery with the same bytes from the same sender and source."""

    delivery_key: int
    effective_at: datetime
    state: str
    is_newest: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery that waits for a run."""

    delivery_key: int
    sender_no: int
    source: str
    feed: str
    mode: str
    effective_at: datetime
    effective_is_declared: bool
    received_at: datetime
    state: str
    file_name: str | None
    records: int | None
    rejected: int | None
    keys_distinct: bool | None
    # What a person decided while it was held: approved or refused.
    decision: str | None = None
    # Its quality score, once it was judged in this run.
    score: float | None = None
    # The delivery whose rejects it takes in again, or that it corrects.
    replay_of: int | None = None
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class DeliveryFile:
    """One landed file of a delivery; `part` is its name in the bundle, "" for a single file."""

    delivery_key: int
    file_no: int
    part: str
    file_name: str
    landing_ref: str
    landing_path: str


@dataclass(slots=True)
class Counts:
    """The counts of one delivery after steps 1 to 3."""

    lines: int = 0
    records: int = 0
    rejected: int = 0
    blank: int = 0
    unreadable: int = 0
    keys_distinct: bool = False


def judge_arrival(
    arrival: Arrival, earlier: Sequence[Earlier], *, records_are_timed: bool
) -> Verdict:
    """New, duplicate (nothing happens) or held (a resend, or a return to that state?).

    >>> # the same bytes as the newest delivery, no time declared: a resend
    """
    for other in earlier:
        if other.state == "refused":
            continue
        same_time = other.effective_at == arrival.effective_at
        if same_time or (other.is_newest and not arrival.effective_is_declared):
            return "duplicate"
    accepted = [other for other in earlier if other.state != "refused"]
    if accepted and not arrival.effective_is_declared and not records_are_timed:
        return "held"
    return "new"


def earlier_deliveries(conn: psycopg.Connection, arrival: Arrival) -> list[Earlier]:
    """Deliveries of the same bytes by the same sender and source, newest first."""
    with conn.cursor(row_factory=class_row(Earlier)) as cursor:
        cursor.execute(
            SQL["deliveries_same_bytes"],
            {
                "sender_no": arrival.sender_no,
                "source": arrival.source,
                "feed": arrival.feed,
                "sha256": arrival.sha256,
            },
        )
        return cursor.fetchall()


def add_delivery(
    conn: psycopg.Connection,
    arrival: Arrival,
    state: str,
    reason: str | None,
    files: Sequence[tuple[str, str, LandedFile]],
) -> int:
    """Write a delivery and its files (part, name, landed file); returns its key."""
    row = conn.execute(
        SQL["delivery_add"],
        {
            "sender_no": arrival.sender_no,
            "source": arrival.source,
            "feed": arrival.feed,
            "mode": arrival.mode,
            "sha256": arrival.sha256,
            "effective_at": arrival.effective_at,
            "effective_is_declared": arrival.effective_is_declared,
            "received_at": arrival.received_at,
            "state": state,
            "contract_version": arrival.contract_version,
            "file_name": arrival.file_name,
            "reason": reason,
            "corrects": arrival.corrects,
        },
    ).fetchone()
    assert row is not None  # noqa: S101 — INSERT … RETURNING gives its row
    key = int(row[0])
    for number, (part, name, landed) in enumerate(files, start=1):
        conn.execute(
            SQL["delivery_file_add"],
            {
                "delivery_key": key,
                "file_no": number,
                "part": part,
                "file_name": name,
                "sha256": bytes.fromhex(landed.sha256),
                "size_bytes": landed.size,
                "landing_ref": landed.key_ref,
                "landing_path": landed.landing_path,
            },
        )
    return key


def waiting_feeds(conn: psycopg.Connection) -> set[str]:
    """The feeds of which any delivery waits for a run."""
    return {feed for (feed,) in conn.execute(SQL["feeds_waiting"]).fetchall()}


def waiting_deliveries(conn: psycopg.Connection, feed: str) -> list[Delivery]:
    """Deliveries of a feed that a run has to take in, in the order they came."""
    with conn.cursor(row_factory=class_row(Delivery)) as cursor:
        cursor.execute(SQL["deliveries_waiting"], {"feed": feed})
        return cursor.fetchall()


def files_of(conn: psycopg.Connection, delivery_key: int) -> list[DeliveryFile]:
    """The landed files of a delivery, in order."""
    with conn.cursor(row_factory=class_row(DeliveryFile)) as cursor:
        cursor.execute(SQL["delivery_files"], {"delivery_key": delivery_key})
        return cursor.fetchall()


def set_state(
    conn: psycopg.Connection, delivery_key: int, state: str, reason: str | None = None
) -> None:
    """Move a delivery to a state; `reason` is French, for the sender."""
    conn.execute(
        SQL["delivery_state"], {"delivery_key": delivery_key, "state": state, "reason": reason}
    )


def set_counts(conn: psycopg.Connection, delivery_key: int, counts: Counts) -> None:
    """Write the counts of steps 1 to 3 and move the delivery to `normalised`."""
    conn.execute(
        SQL["delivery_counts"],
        {
            "delivery_key": delivery_key,
            "lines": counts.lines,
            "records": counts.records,
            "rejected": counts.rejected,
            "blank": counts.blank,
            "unreadable": counts.unreadable,
            "keys_distinct": counts.keys_distinct,
        },
    )


def set_counts_all(conn: psycopg.Connection, counts: Mapping[int, Counts]) -> None:
    """As `set_counts`, for several deliveries by their keys."""
    each = list(counts.values())
    conn.execute(
        SQL["delivery_counts_all"],
        {
            "deliveries": list(counts),
            "lines": [one.lines for one in each],
            "records": [one.records for one in each],
            "rejected": [one.rejected for one in each],
            "blank": [one.blank for one in each],
            "unreadable": [one.unreadable for one in each],
            "keys_distinct": [one.keys_distinct for one in each],
        },
    )


def staged_records(conn: psycopg.Connection, delivery_key: int) -> int:
    """Records of a delivery that stand in staging (embedded statements are none)."""
    row = conn.execute(SQL["staged_count"], {"delivery_key": delivery_key}).fetchone()
    assert row is not None  # noqa: S101 — an aggregate always gives a row
    return int(row[0])


def clear_staging(
    conn: psycopg.Connection, deliveries: Sequence[int], *, whole: str | None = None
) -> None:
    """Empty the staging rows of a batch; `whole`: its feed, when nothing else stands there."""
    if whole is not None:
        # Emptying a table costs as much as a thousand rows, empty or not.
        filled = conn.execute(
            SQL["staging_filled"], {"tables": [f"staging.{n}" for n in TABLES_OF_FEED[whole]]}
        ).fetchall()
        tables = [sql.Identifier("staging", name) for (name,) in filled]
        if tables:
            conn.execute(SQL.compose("staging_truncate", tables=sql.SQL(", ").join(tables)))
        return
    for table in ROW_TABLES:
        conn.execute(SQL[f"{table}_clear"], {"deliveries": list(deliveries)})
    conn.execute(SQL["apart_end"], {"deliveries": list(deliveries)})


ROW_TABLES = (
    "seller_row", "product_row", "offer_row", "customer_row", "order_row", "item_row",
    "payment_row", "click_row", "rejected_item", "customer_seen",
    "silent_row", "absent_row",
)  # fmt: skip
# What a delivery of each feed may leave in staging: emptying a table costs, empty or not.
TABLES_OF_FEED: dict[str, tuple[str, ...]] = {
    "sellers": ("seller_row", "silent_row"),
    "products": ("product_row", "offer_row", "silent_row", "absent_row"),
    "offers": ("offer_row", "silent_row"),
    "customers": ("customer_row", "customer_seen", "silent_row"),
    "orders": tuple(name for name in ROW_TABLES if name not in ("offer_row", "click_row")),
    "clickstream": ("click_row",),
}
