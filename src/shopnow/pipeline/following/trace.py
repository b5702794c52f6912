"""From a row of the warehouse back to the line of the file that it came from (DESIGN 4).

Protects traceability, and people: a trace names places only.  The raw line itself is opened for a
stated reason alone, and the journal knows of it before the line is read.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from psycopg.rows import class_row

from shopnow.journal import Event, record_event
from shopnow.kernel import Home, Sql, UsageError
from shopnow.pipeline.clicks import event_key
from shopnow.pipeline.following.deliveries import files_received, find_delivery
from shopnow.privacy import MissingKeyError
from shopnow.sources import read_chunks
from shopnow.staging import open_landed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import psycopg

    from shopnow.pipeline.context import Context
    from shopnow.pipeline.following.deliveries import DeliveryFacts, FileFacts

SQL = Sql(__package__)


@dataclass(frozen=True, slots=True)
class TracedRow:
    """A row of the warehouse, or a statement it was folded from.

    `kind`: order, item, payment, product, offer, click, seller, customer, reject, or one of them
    followed by ` statement`.  `line_no`: number of the order line, payment or version.
    """

    kind: str
    name: str
    seller_no: int | None
    line_no: int | None
    at: datetime
    batch_no: int | None
    delivery_key: int
    record_no: int
    source_line: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows came from: delivery, file, and whether its sealed bytes can still be read."""

    delivery: DeliveryFacts
    file: FileFacts
    run_id: int | None
    loaded_at: datetime | None
    sealed_line_exists: bool


@dataclass(frozen=True, slots=True)
class Traced:
    """One row and its origin; no origin for members that no delivery stated (delivery 0)."""

    row: TracedRow
    origin: Origin | None


def trace_order(
    context: Context, conn: psycopg.Connection, order_id: str, line_no: int | None = None
) -> list[Traced]:
    """Header, lines, payments and statements of an order, with or without its namespace.

    Raises UsageError when the warehouse holds no such order.
    """
    spaces = {source.order_namespace for source in context.sources.values()} - {""}
    names = [order_id, *(f"{space}:{order_id}" for space in sorted(spaces))]
    rows = _rows(conn, "trace_order", {"orders": names, "line_no": line_no})
    if not rows:
        what = f"order {order_id!r}" + ("" if line_no is None else f" with a line {line_no}")
        raise UsageError(f"no {what}", "`shopnow reject list` shows what was not taken in.")
    return _with_origins(context, conn, rows)


def trace_product(
    context: Context, conn: psycopg.Connection, seller_no: int, product_id: str
) -> list[Traced]:
    """Versions of a product and of its offer, and the statements about it.

    Raises UsageError when the seller has no such product.
    """
    rows = _rows(conn, "trace_product", {"seller_no": seller_no, "product_id": product_id})
    if not rows:
        raise UsageError(f"no product {product_id!r} of that seller", "Check its identifier.")
    return _with_origins(context, conn, rows)


def trace_click(context: Context, conn: psycopg.Connection, key: str) -> list[Traced]:
    """A click by its event_key, or by the identifier that its sender gave it."""
    systems = sorted({source.system for source in context.sources.values()})
    keys = [event_key(system, f"i\x1f{key}") for system in systems]
    with suppress(ValueError):
        keys.append(str(UUID(key)))
    rows = _rows(conn, "trace_click", {"keys": keys})
    if not rows:
        raise UsageError(f"no click {key!r}", "Give its event_key or the sender's event_id.")
    return _with_origins(context, conn, rows)


def trace_record(
    context: Context, conn: psycopg.Connection, delivery_key: int, record_no: int
) -> list[Traced]:
    """Everything that one record of a delivery became; empty when it changed nothing.

    Raises UsageError when there is no such delivery or it has fewer records.
    """
    delivery = find_delivery(conn, delivery_key)
    if delivery.replay_of is not None:
        # Its records keep the numbers that they have in the file.
        delivery = find_delivery(conn, delivery.replay_of)
    if not 1 <= record_no <= delivery.records:
        raise UsageError(
            f"delivery {delivery_key} has no record {record_no}",
            f"Its records are numbered from 1 to {delivery.records}.",
        )
    values = {"delivery_key": delivery_key, "record_no": record_no}
    return _with_origins(context, conn, _rows(conn, "trace_record", values))


def open_line(
    context: Context, conn: psycopg.Connection, traced: Traced, *, reason: str, os_user: str
) -> str:
    """The raw line behind a row; who opened it and why is journaled first.

    Raises UsageError when there is no line to open, MissingKeyError when its key was destroyed.
    """
    if traced.origin is None:
        raise UsageError("no delivery stated this row", "It is a member made by the warehouse.")
    delivery, file = traced.origin.delivery, traced.origin.file
    line = traced.row.source_line
    record_event(
        conn,
        Event(
            ts=context.clock.now(),
            source="trace",
            type="securite",
            level="WARNING",
            message=f"line {line} of delivery {delivery.delivery_key} was shown in clear",
            error_code="sealed_line_shown",
            seller_no=delivery.sender_no,
            delivery_key=delivery.delivery_key,
            payload={
                "file_no": file.file_no,
                "line_no": line,
                "os_user": os_user,
                "reason": reason,
            },
        ),
    )
    source = context.source(delivery.source)
    part = file.part if source.is_bundle else None
    with open_landed(
        context.settings, context.keystore, file.landing_path, file.landing_ref
    ) as stream:
        for chunk in read_chunks(stream, source, part, context.contracts.mandatory):
            try:
                return chunk.raw.get(line).decode("utf-8", "replace")
            except KeyError:
                continue
    raise UsageError(f"delivery {delivery.delivery_key} has no line {line}")


def _rows(
    conn: psycopg.Connection, statement: str, values: Mapping[str, object]
) -> list[TracedRow]:
    with conn.cursor(row_factory=class_row(TracedRow)) as cursor:
        return cursor.execute(SQL[statement], values).fetchall()


def _with_origins(
    context: Context, conn: psycopg.Connection, rows: Sequence[TracedRow]
) -> list[Traced]:
    @cache
    def origin(delivery_key: int, kind: str) -> Origin | None:
        return _origin(context, conn, delivery_key, kind) if delivery_key > 0 else None

    return [Traced(row, origin(row.delivery_key, row.kind.split()[0])) for row in rows]


def _origin(context: Context, conn: psycopg.Connection, delivery_key: int, kind: str) -> Origin:
    delivery = find_delivery(conn, delivery_key)
    file = _file_of(context, files_received(conn, delivery_key), delivery, kind)
    published = conn.execute(SQL["batch_published"], {"batch_no": delivery.batch_no}).fetchone()
    run_id, loaded_at = published or (None, None)
    return Origin(delivery, file, run_id, loaded_at, _is_readable(context, file))


def _file_of(
    context: Context, files: Sequence[FileFacts], delivery: DeliveryFacts, kind: str
) -> FileFacts:
    """The file of a bundle in which records of that kind stand."""
    source = context.sources.get(delivery.source)
    if len(files) > 1 and source is not None:
        parts = {record.kind: record.file for record in source.records}
        for file in files:
            if file.part == parts.get(kind):
                return file
    return files[0]


def _is_readable(context: Context, file: FileFacts) -> bool:
    if not (Home(context.settings.home).landing / file.landing_path).is_file():
        return False
    try:
        context.keystore.delivery_key(file.landing_ref)
    except MissingKeyError:
        return False
    return True
