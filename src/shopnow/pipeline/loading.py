"""Steps 4 to 6 of a batch: one transaction, so that readers see all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shopnow.dimensions import (
    Outcome,
    dimensions_of,
    ensure_customers,
    ensure_products,
    ensure_sellers,
    load_dimension,
)
from shopnow.facts import load_clicks, load_offers, load_orders, merge, retie_vanished
from shopnow.kernel import Sql, TerminalError
from shopnow.marts import create_touched, publish, refresh_touched
from shopnow.staging import clear_staging

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from shopnow.dimensions import Dimension
    from shopnow.journal import Run, Step
    from shopnow.marts import Mart
    from shopnow.pipeline.context import Context
    from shopnow.staging import Delivery

SQL = Sql(__package__)
DIMENSIONS, FACTS, PUBLISH = 4, 5, 6


class ConservationError(TerminalError):
    """A delivery's records do not add up: a defect of ours, the batch is rolled back."""


@dataclass
class Batch:
    """Deliveries of one feed that are loaded together; `batch_no` marks their facts."""

    feed: str
    deliveries: Sequence[Delivery]
    batch_no: int
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)

    @property
    def distinct(self) -> bool:
        """True when the reader saw each key of the batch once: nothing has to look for repeats."""
        return len(self.deliveries) == 1 and bool(self.deliveries[0].keys_distinct)

    @property
    def keys(self) -> list[int]:
        """Keys of the deliveries."""
        return [delivery.delivery_key for delivery in self.deliveries]


def load_batch(
    context: Context,
    conn: psycopg.Connection,
    run: Run,
    batch: Batch,
    *,
    marts: Sequence[Mart],
    run_at: datetime,
    alone: bool,
) -> None:
    """Load a staged batch within the caller's transaction, under the loader lock.

    `alone`: nothing but this batch stands in staging.  Raises what the database refuses; the
    caller rolls back and journals.
    """
    steps: list[Step] = []
    only = batch.keys[0] if len(batch.keys) == 1 else None

    def start(number: int) -> Step:
        step = run.start(number, delivery_key=only, batch_no=batch.batch_no)
        steps.append(step)
        return step

    try:
        conn.execute(SQL["staging_analyze"])
        create_touched(conn)
        step = start(DIMENSIONS)
        known = _dimensions(context, conn, batch, run_at)
        run.end(conn, step, rows_in=known, rows_out=known)
        step = start(FACTS)
        _facts(context, conn, batch, run_at)
        total = sum((o.accepted for o in batch.outcomes.values()), 0)
        run.end(conn, step, rows_in=total, rows_out=total)
        step = start(PUBLISH)
        _settle(conn, batch, context.settings.zone)
        written = refresh_touched(
            conn, marts, run_at=run_at, batch_no=batch.batch_no, zone=context.settings.zone
        )
        publish(conn, _published(conn, batch), batch.batch_no, run_at)
        clear_staging(conn, batch.keys, whole=batch.feed if alone else None)
        run.end(conn, step, rows_in=total, rows_out=sum(mart.inserted for mart in written))
    except BaseException:
        run.fail(*steps)
        raise


def _dimensions(context: Context, conn: psycopg.Connection, batch: Batch, run_at: datetime) -> int:
    """Statements of the batch into the dimensions, then members for what its facts name."""
    rows = 0
    for dimension in _concerned(context, batch.feed):
        outcomes = load_dimension(
            conn, dimension, batch.keys, run_at, distinct=batch.distinct and batch.feed != "orders"
        )
        if dimension.name == "product":
            conn.execute(SQL["products_touched"])
        retie_vanished(conn, dimension.name)
        merge(batch.outcomes, outcomes)
        rows += sum(o.accepted + o.duplicate + o.superseded for o in outcomes.values())
    ensure_sellers(conn, run_at)
    if batch.feed == "orders":
        ensure_customers(conn, batch.keys, run_at)
    if batch.feed in ("orders", "offers", "products"):
        ensure_products(conn, batch.keys, run_at)
    return rows


def _concerned(context: Context, feed: str) -> list[Dimension]:
    names = {
        "sellers": {"seller"},
        "products": {"product"},
        "customers": {"customer"},
        "orders": {"seller", "customer", "product"},
    }.get(feed, set())
    return [d for d in dimensions_of(context.contracts) if d.name in names]


def _facts(context: Context, conn: psycopg.Connection, batch: Batch, run_at: datetime) -> None:
    zone = context.settings.zone
    contracts = context.contracts
    if batch.feed == "orders":
        outcomes = load_orders(
            conn, batch.keys, run_at=run_at, batch_no=batch.batch_no, zone=zone,
            window_days=contracts.feeds["orders"].correction_window_days,
            distinct=batch.distinct,
        )  # fmt: skip
        merge(batch.outcomes, outcomes)
    if batch.feed == "clickstream":
        merge(batch.outcomes, load_clicks(conn, batch.keys, batch_no=batch.batch_no, zone=zone))
    if batch.feed in ("offers", "products") or (batch.feed == "orders" and _any_held(conn)):
        found, held = load_offers(
            conn, contracts.kinds["offer"], batch.keys, run_at=run_at, batch_no=batch.batch_no,
            zone=zone,
        )  # fmt: skip
        merge(batch.outcomes, found)
        batch.held = held


def _any_held(conn: psycopg.Connection) -> bool:
    row = conn.execute(SQL["held_any"]).fetchone()
    return bool(row and row[0])


def _settle(conn: psycopg.Connection, batch: Batch, zone: str) -> None:
    """Write each delivery's counts, check that they add up, move it to `published`."""
    for key in sorted({*batch.keys, *batch.outcomes, *batch.held}):
        outcome = batch.outcomes.get(key, Outcome())
        row = conn.execute(
            SQL["delivery_settle"],
            {
                "delivery_key": key,
                "accepted": outcome.accepted,
                "duplicate": outcome.duplicate,
                "superseded": outcome.superseded,
                "held": batch.held.get(key, 0),
                "batch_no": batch.batch_no if key in batch.keys else None,
            },
        ).fetchone()
        assert row is not None  # noqa: S101 — UPDATE … RETURNING of a known key
        if row[0] != row[1]:
            raise ConservationError(
                f"delivery {key}: {row[0]} records, but {row[1]} outcomes",
                hint="Nothing of the batch was written; the sealed file is kept.",
            )
    conn.execute(SQL["deliveries_touched"], {"deliveries": batch.keys, "zone": zone})


def _published(conn: psycopg.Connection, batch: Batch) -> list[tuple[str, int]]:
    rows = conn.execute(
        SQL["sellers_published"], {"feed": batch.feed, "deliveries": batch.keys}
    ).fetchall()
    return [(feed, seller_no) for feed, seller_no in rows]
