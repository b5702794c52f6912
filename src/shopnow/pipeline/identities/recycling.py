"""An identifier that changes hands: from a day on it leads to another company (scd.md S67).

Protects the durable number: the new company gets a number of its own, with members and a history
of its own; what was told and sold under the old one stays there.  No delivery does this by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shopnow.dimensions import dimensions_of, ensure_sellers, load_dimension, mark_keys
from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, UsageError, nearest
from shopnow.marts import create_touched, load_marts, next_batch_no, refresh_touched
from shopnow.pipeline.identities.figures import SellerFigures, figures_of, not_ahead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    import psycopg

    from shopnow.dimensions import Dimension
    from shopnow.kernel import Settings
    from shopnow.sources import Contracts

SQL = Sql(__package__)
PIPELINE = Sql("shopnow.pipeline")
BY_COMMAND = 0


@dataclass(frozen=True, slots=True)
class RecyclePlan:
    """What recycling would do: the identifier, who has it, who gets it from when.

    `lines_after` and `statements_after` are dated from that day on, and stay with the old number;
    `same_company` is a seller that has this legal_id already: a merge may be what is meant.
    """

    seller_id: str
    systems: tuple[str, ...]
    old: SellerFigures
    legal_id: str
    valid_from: datetime
    lines_after: int
    statements_after: int
    held: int
    same_company: int | None


def plan_recycle(
    conn: psycopg.Connection,
    seller_id: str,
    *,
    legal_id: str,
    valid_from: datetime,
    now: datetime,
    zone: ZoneInfo,
    system: str | None = None,
) -> RecyclePlan:
    """What recycling would do; raises UsageError where the identifier cannot change hands then."""
    not_ahead(valid_from, now)
    number, systems = _in_force(conn, seller_id, system, valid_from)
    old = figures_of(conn, number)
    if old.legal_id == legal_id:
        raise UsageError(
            f"seller {number} has the legal identifier {legal_id!r}: it is the same company",
            "An identifier is recycled for another company only.",
        )
    values = {
        "seller_no": number,
        "seller_id": seller_id,
        "legal_id": legal_id,
        "valid_from": valid_from,
        "valid_on": valid_from.astimezone(zone).date(),
    }
    row = conn.execute(SQL["recycle_counts"], values).fetchone()
    assert row is not None  # noqa: S101 — counts always give a row
    return RecyclePlan(seller_id, systems, old, legal_id, valid_from, *row)


def apply_recycle(
    conn: psycopg.Connection,
    settings: Settings,
    contracts: Contracts,
    plan: RecyclePlan,
    now: datetime,
) -> int:
    """Give the identifier a new number from then on; returns the number.

    Members, reserved products and the legal_id of the new seller are written in the transaction
    that changes the registry; records that were held because they speak of it are loaded.
    """
    values = {
        "seller_id": plan.seller_id,
        "systems": list(plan.systems),
        "old_no": plan.old.seller_no,
        "valid_from": plan.valid_from,
        "legal_id": plan.legal_id,
    }
    with conn.transaction():
        conn.execute(PIPELINE["loader_lock"])
        if _in_force(conn, plan.seller_id, None, plan.valid_from, plan.systems)[0] != (
            plan.old.seller_no
        ):
            raise UsageError(f"{plan.seller_id!r} has changed hands meanwhile", "Plan it again.")
        row = conn.execute(SQL["recycle_open"], values).fetchone()
        assert row is not None  # noqa: S101 — INSERT … RETURNING gives its row
        number = int(row[0])
        conn.execute(SQL["identifiers_close"], values)
        conn.execute(SQL["identifiers_open"], values | {"seller_no": number})
        ensure_sellers(conn, now)
        seller = next(one for one in dimensions_of(contracts) if one.name == "seller")
        _state_company(conn, seller, values | {"seller_no": number}, now)
        _release(conn, settings, seller, values | {"seller_no": number}, now)
        mark_keys(conn, [seller], now)
        record_event(conn, _event(plan, number, now))
    return number


def _in_force(
    conn: psycopg.Connection,
    seller_id: str,
    system: str | None,
    valid_from: datetime,
    systems: Sequence[str] = (),
) -> tuple[int, tuple[str, ...]]:
    """Who has the identifier now, and in which source systems."""
    rows = conn.execute(SQL["identifiers_in_force"], {"seller_id": seller_id}).fetchall()
    rows = [row for row in rows if (system or row[0]) == row[0]]
    rows = [row for row in rows if not systems or row[0] in systems]
    numbers = {int(number) for _, number, _ in rows}
    if not rows:
        known = [name for (name,) in conn.execute(SQL["identifiers_all"])]
        close = nearest(seller_id, known)
        hint = f"Did you mean {close!r}?" if close else "`shopnow seller list` shows them."
        raise UsageError(f"no identifier {seller_id!r} is in force", hint)
    if len(numbers) > 1:
        words = ", ".join(f"{source} ({number})" for source, number, _ in rows)
        raise UsageError(
            f"{seller_id!r} names several sellers: {words}", "Say which one with --system."
        )
    began = max(since for _, _, since in rows)
    if valid_from <= began:
        raise UsageError(
            f"{seller_id!r} has had this owner since {began:%Y-%m-%dT%H:%M:%SZ}",
            "Give a later day with --from.",
        )
    return numbers.pop(), tuple(source for source, _, _ in rows)


def _state_company(
    conn: psycopg.Connection, seller: Dimension, values: dict[str, Any], now: datetime
) -> None:
    """What the command says of the new company goes the way of every statement."""
    present = sum(
        1 << column.bit
        for column in seller.columns
        if column.bit is not None and column.name in ("seller_id", "legal_id")
    )
    conn.execute(SQL["company_stage"], values | {"present": present})
    load_dimension(conn, seller, [BY_COMMAND], now)
    conn.execute(SQL["released_unstage"], {"deliveries": [BY_COMMAND]})


def _release(
    conn: psycopg.Connection,
    settings: Settings,
    seller: Dimension,
    values: dict[str, Any],
    now: datetime,
) -> None:
    """Load the records that waited for the new company; their deliveries are counted anew."""
    held: dict[int, int] = dict(conn.execute(SQL["held_release"], values).fetchall())
    if not held:
        return
    keys = sorted(held)
    outcomes = load_dimension(conn, seller, keys, now)
    conn.execute(SQL["released_unstage"], {"deliveries": keys})
    for key in keys:
        counted = outcomes[key]
        conn.execute(
            PIPELINE["delivery_settle"],
            {
                "delivery_key": key,
                "accepted": counted.accepted,
                "duplicate": counted.duplicate,
                "superseded": counted.superseded,
                "held": counted.held - held[key],
                "batch_no": None,
            },
        )
    create_touched(conn)
    zone = settings.zone
    conn.execute(PIPELINE["deliveries_touched"], {"deliveries": keys, "zone": zone})
    batch_no = next_batch_no(conn)
    refresh_touched(conn, load_marts(settings), run_at=now, batch_no=batch_no, zone=zone)


def _event(plan: RecyclePlan, number: int, now: datetime) -> Event:
    return Event(
        ts=now,
        source="registry",
        type="fonctionnel",
        level="INFO",
        message=f"identifiant {plan.seller_id} : vendeur {plan.old.seller_no} puis {number}",
        error_code="seller_recycled",
        seller_no=number,
        payload={
            "seller_id": plan.seller_id,
            "systems": list(plan.systems),
            "old_seller_no": plan.old.seller_no,
            "legal_id": plan.legal_id,
            "valid_from": plan.valid_from.isoformat(),
        },
    )
