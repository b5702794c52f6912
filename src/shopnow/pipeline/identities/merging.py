"""Merging two sellers by a bridge, and undoing it (scd.md S63, S64).

Protects the past: the merged seller keeps its versions, its facts and its number.  As-was they
are read under it, as-is under the one that stands for it (security.seller_survivor); totals are
the same either way.  Undoing closes the bridge, and as-is is what it was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.journal import Event, record_event
from shopnow.kernel import Sql, UsageError
from shopnow.pipeline.following import seller_number
from shopnow.pipeline.identities.figures import SellerFigures, added_up, figures_of, not_ahead
from shopnow.security import follow_merges

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    import psycopg

SQL = Sql(__package__)
PIPELINE = Sql("shopnow.pipeline")


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What a merge would do: from when, and what counts for whom as-is before and after.

    `remarks` are codes: other_legal_id, survivor_is_merged.
    """

    merged: SellerFigures
    survivor: SellerFigures
    valid_from: datetime
    survivor_before: dict[str, Decimal]
    survivor_after: dict[str, Decimal]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What undoing a merge would do: the bridge's period, and what counts for whom as-is after."""

    merged: SellerFigures
    survivor: SellerFigures
    valid_from: datetime
    valid_to: datetime
    survivor_before: dict[str, Decimal]
    survivor_after: dict[str, Decimal]


def plan_merge(
    conn: psycopg.Connection, merged: str, survivor: str, valid_from: datetime, now: datetime
) -> MergePlan:
    """What merging would do; raises UsageError where these two cannot be merged from then on."""
    not_ahead(valid_from, now)
    number, into = seller_number(conn, merged), seller_number(conn, survivor)
    if number <= 0 or into < 0:
        raise UsageError("the house and the reserved members are merged into nobody")
    if number == into:
        raise UsageError(f"{merged!r} and {survivor!r} are the same seller", "Name two sellers.")
    _check_bridges(conn, number, into, valid_from)
    one, other = figures_of(conn, number), figures_of(conn, into)
    before = _as_is(conn, into)
    return MergePlan(
        one, other, valid_from, before, added_up(before, _as_is(conn, number)),
        tuple(_remarks(conn, one, other)),
    )  # fmt: skip


def apply_merge(conn: psycopg.Connection, plan: MergePlan, now: datetime) -> None:
    """Open the bridge and journal it; the database refuses a second one at the same time."""
    with conn.transaction():
        conn.execute(PIPELINE["loader_lock"])
        number, into = plan.merged.seller_no, plan.survivor.seller_no
        _check_bridges(conn, number, into, plan.valid_from)
        values = {"seller_no": number, "merged_into": into, "valid_from": plan.valid_from}
        conn.execute(SQL["bridge_open"], values)
        follow_merges(conn)
        record_event(conn, _event("seller_merged", plan, now))


def plan_undo(
    conn: psycopg.Connection, merged: str, survivor: str, valid_to: datetime, now: datetime
) -> UndoPlan:
    """What undoing would do; raises UsageError where no merge of these two is in force."""
    not_ahead(valid_to, now)
    number, into = seller_number(conn, merged), seller_number(conn, survivor)
    opened = _open_bridge(conn, number)
    if opened is None or opened[0] != into:
        raise UsageError(
            f"{merged!r} is not merged into {survivor!r}", "`shopnow seller show` tells of merges."
        )
    if valid_to < opened[1]:
        raise UsageError(
            f"the merge began on {opened[1]:%Y-%m-%d %H:%M %Z}",
            "Give that day or a later one with --from: it then never held.",
        )
    before = _as_is(conn, into)
    less = {currency: -amount for currency, amount in _as_is(conn, number).items()}
    return UndoPlan(
        figures_of(conn, number), figures_of(conn, into), opened[1], valid_to, before,
        added_up(before, less),
    )  # fmt: skip


def apply_undo(conn: psycopg.Connection, plan: UndoPlan, now: datetime) -> None:
    """Close the bridge and journal it."""
    with conn.transaction():
        conn.execute(PIPELINE["loader_lock"])
        values = {"seller_no": plan.merged.seller_no, "valid_to": plan.valid_to}
        conn.execute(SQL["bridge_close"], values)
        follow_merges(conn)
        record_event(conn, _event("seller_merge_undone", plan, now))


def _check_bridges(conn: psycopg.Connection, number: int, into: int, valid_from: datetime) -> None:
    opened = _open_bridge(conn, number)
    if opened is not None:
        raise UsageError(
            f"seller {number} is merged into {opened[0]} since {opened[1]:%Y-%m-%d}",
            "Undo that merge first: `shopnow seller merge … --undo`.",
        )
    if number in _stands_behind(conn, into):
        raise UsageError(f"seller {into} is itself merged into {number}", "Undo that merge first.")
    row = conn.execute(SQL["bridge_last_end"], {"seller_no": number}).fetchone()
    if row is not None and row[0] is not None and row[0] > valid_from:
        raise UsageError(
            f"an earlier merge of seller {number} held until {row[0]:%Y-%m-%dT%H:%M:%SZ}",
            "Give that instant or a later one with --from.",
        )


def _open_bridge(conn: psycopg.Connection, number: int) -> tuple[int, datetime] | None:
    row = conn.execute(SQL["bridge_open_of"], {"seller_no": number}).fetchone()
    return None if row is None else (int(row[0]), row[1])


def _stands_behind(conn: psycopg.Connection, number: int) -> set[int]:
    """The sellers that a seller leads to, over any number of merges."""
    return {int(found) for (found,) in conn.execute(SQL["bridge_ahead"], {"seller_no": number})}


def _as_is(conn: psycopg.Connection, number: int) -> dict[str, Decimal]:
    """Net sales by currency of a seller and of all that are merged into it."""
    return dict(conn.execute(SQL["sales_with_merged"], {"seller_no": number}).fetchall())


def _remarks(conn: psycopg.Connection, merged: SellerFigures, survivor: SellerFigures) -> list[str]:
    found = []
    if merged.legal_id and survivor.legal_id and merged.legal_id != survivor.legal_id:
        found.append("other_legal_id")
    if _open_bridge(conn, survivor.seller_no) is not None:
        found.append("survivor_is_merged")
    return found


def _event(code: str, plan: MergePlan | UndoPlan, now: datetime) -> Event:
    words = {
        "seller_merged": "fusionné dans le vendeur {into}",
        "seller_merge_undone": "n'est plus fusionné dans le vendeur {into}",
    }
    number, into = plan.merged.seller_no, plan.survivor.seller_no
    until = plan.valid_to.isoformat() if isinstance(plan, UndoPlan) else None
    return Event(
        ts=now,
        source="registry",
        type="fonctionnel",
        level="INFO",
        message=f"vendeur {number} {words[code].format(into=into)}",
        error_code=code,
        seller_no=number,
        payload={
            "merged_into": into,
            "valid_from": plan.valid_from.isoformat(),
            "valid_to": until,
        },
    )
