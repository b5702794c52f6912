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
    mark_keys,
    merge,
    overtaken,
)
from shopnow.facts import (
    find_waiting_clicks,
    lines_overtaken,
    load_clicks,
    load_offers,
    load_orders,
    note_unbound_clicks,
    retie_vanished,
)
from shopnow.kernel import Sql, TerminalError
from shopnow.marts import create_touched, publish, refresh_touched
from shopnow.pipeline.resending import complete_orders, end_rejects
from shopnow.staging import clear_staging

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import psycopg

    from shopnow.dimensions import Dimension
    from shopnow.journal import Run, Step
    from shopnow.marts import Mart
    from shopnow.pipeline.context import Context
    from shopnow.staging import Delivery

SQL = Sql(__package__)
DIMENSIONS, FACTS, PUBLISH = 4, 5, 6
# Records of products up to which statistics of staging cost more than they bring.
_SMALL = 20_000


class ConservationError(TerminalError):
    """A delivery's records do not add up: a defect of ours, the batch is rolled back."""


@dataclass
class Batch:
    """Deliveries of one feed that are loaded together; `batch_no` marks their facts."""

    feed: str
    deliveries: Sequence[Delivery]
    batch_no: int
    # First days of the quarters of orders that the load makes itself.
    apart: Sequence[date] = ()
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    # Whether it has to be said which records are not the last word; None: not known.
    remembers: bool = False
    overtaken: dict[int, list[int]] | None = None
    held: dict[int, int] = field(default_factory=dict)

    @property
    def distinct(self) -> bool:
        """True when the reader saw each key of the batch once: nothing has to look for repeats."""
        return len(self.deliveries) == 1 and bool(self.deliveries[0].keys_distinct)

    @property
    def records(self) -> int:
        """Records of the deliveries."""
        return sum(delivery.records or 0 for delivery in self.deliveries)

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
        if batch.feed != "products" or batch.records > _SMALL:
            conn.execute(SQL["staging_analyze"])
        create_touched(conn)
        step = start(DIMENSIONS)
        known = load_dimensions(context, conn, batch, run_at)
        run.end(conn, step, rows_in=known, rows_out=known)
        step = start(FACTS)
        load_facts(context, conn, batch, run_at)
        total = sum((o.accepted for o in batch.outcomes.values()), 0)
        run.end(conn, step, rows_in=total, rows_out=total)
        step = start(PUBLISH)
        _settle(conn, batch, context.settings.zone)
        if end_rejects(conn, batch.keys, run_at) and batch.feed == "orders":
            complete_orders(context, conn, batch.deliveries)
        written = refresh_touched(
            conn, marts, run_at=run_at, batch_no=batch.batch_no, zone=context.settings.zone
        )
        publish(conn, _published(conn, batch), batch.batch_no, run_at)
        clear_staging(conn, batch.keys, whole=batch.feed if alone else None)
        run.end(conn, step, rows_in=total, rows_out=sum(mart.inserted for mart in written))
    except BaseException:
        run.fail(*steps)
        raise


def load_dimensions(
    context: Context, conn: psycopg.Connection, batch: Batch, run_at: datetime
) -> int:
    """Statements of the batch into the dimensions, then members for what its facts name."""
    rows = 0
    for dimension in _concerned(context, batch.feed):
        outcomes = load_dimension(
            conn, dimension, batch.keys, run_at, distinct=batch.distinct and batch.feed != "orders"
        )
        if dimension.name == "product":
            conn.execute(SQL["products_touched"])
            if batch.feed == "products":
                merge(batch.outcomes, _passed_over(conn, batch))
                if batch.remembers:
                    batch.overtaken = overtaken(conn, dimension)
        retie_vanished(conn, dimension.name, run_at=run_at, zone=context.settings.zone)
        conn.execute(SQL["ambiguous_warn"])
        merge(batch.outcomes, outcomes)
        rows += sum(o.accepted + o.duplicate + o.superseded for o in outcomes.values())
    if any(outcome.held for outcome in batch.outcomes.values()):
        conn.execute(SQL["held_warn"], {"deliveries": batch.keys})
    ensure_sellers(conn, run_at)
    if batch.feed == "orders":
        ensure_customers(conn, batch.keys, run_at)
    if batch.feed in ("orders", "offers", "products"):
        ensure_products(conn, batch.keys, run_at)
        find_waiting_clicks(conn, batch.keys, run_at)
    mark_keys(conn, dimensions_of(context.contracts), run_at)
    return rows


def _passed_over(conn: psycopg.Connection, batch: Batch) -> dict[int, Outcome]:
    """Records that were passed over: said before at their time, or confirmed."""
    rows = conn.execute(SQL["differences_of"], {"deliveries": batch.keys}).fetchall()
    return {
        key: Outcome(duplicate=count) if is_timed else Outcome(accepted=count)
        for key, count, is_timed in rows
    }


def _concerned(context: Context, feed: str) -> list[Dimension]:
    names = {
        "sellers": {"seller"},
        "products": {"product"},
        "customers": {"customer"},
        "orders": {"seller", "customer", "product"},
    }.get(feed, set())
    return [d for d in dimensions_of(context.contracts) if d.name in names]


def load_facts(context: Context, conn: psycopg.Connection, batch: Batch, run_at: datetime) -> None:
    """Facts of the batch, with keys as of their time."""
    zone = context.settings.zone
    contracts = context.contracts
    if batch.feed == "orders":
        outcomes = load_orders(
            conn, batch.keys, run_at=run_at, batch_no=batch.batch_no, zone=zone,
            window_days=contracts.feeds["orders"].correction_window_days,
            distinct=batch.distinct, apart=batch.apart,
        )  # fmt: skip
        merge(batch.outcomes, outcomes)
        merge(batch.outcomes, _passed_over(conn, batch))
        if batch.remembers:
            batch.overtaken = lines_overtaken(conn)
    if batch.feed == "clickstream":
        merge(batch.outcomes, load_clicks(conn, batch.keys, batch_no=batch.batch_no, zone=zone))
        note_unbound_clicks(conn, batch.keys)
    says_offers = batch.feed in ("offers", "products") and _says_offers(context, batch)
    if says_offers or (batch.feed in ("products", "orders") and _any_held(conn)):
        found, held = load_offers(
            conn, contracts.kinds["offer"], batch.keys, run_at=run_at, batch_no=batch.batch_no,
            zone=zone,
        )  # fmt: skip
        merge(batch.outcomes, found)
        batch.held = held


def _says_offers(context: Context, batch: Batch) -> bool:
    """Say whether a source of the batch tells of offers: those that tell of products may not."""
    sources = {delivery.source for delivery in batch.deliveries}
    return any(
        record.kind == "offer" for name in sources for record in context.source(name).records
    )


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
                "held": batch.held.get(key, 0) + outcome.held,
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
