"""Show somebody out: revoke, suspend, resume, and the review that confirms who may stay.

Protects the rule that a revocation holds: it is in the ledger before it is anywhere else, and a
restore of an older warehouse carries it out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.journal import access_ledger
from shopnow.kernel import UsageError, connect
from shopnow.security.accesses.finding import find_each
from shopnow.security.accesses.following import carry_out, journal_act, read_ledger
from shopnow.security.accesses.model import (
    CHANGED,
    RESUMED,
    REVIEWED,
    REVOKED,
    SUSPENDED,
    Access,
    of_seller,
)
from shopnow.security.accesses.store import seller_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Clock, Settings


@dataclass(frozen=True)
class Farewell:
    """What a revocation does: accesses that end, and those of groups that lose one seller."""

    ending: tuple[Access, ...]
    narrowed: tuple[Access, ...] = ()
    seller_no: int | None = None


def plan_revoke(settings: Settings, clock: Clock, names: Sequence[str]) -> Farewell:
    """Return what ends when the accesses of these names or roles are revoked."""
    return Farewell(find_each(settings, clock, names))


def plan_revoke_every_seller(settings: Settings, clock: Clock) -> Farewell:
    """Return what ends when all sellers are shown out at once."""
    known = read_ledger(settings, clock).values()
    return Farewell(tuple(one for one in known if one.is_open and one.kind == "seller"))


def plan_revoke_seller(settings: Settings, clock: Clock, seller_id: str) -> Farewell:
    """Return what ends when a seller is shown out: its accesses, and its part in those of groups.

    Raises UsageError where it has none.
    """
    with connect(settings, "shopnow_owner", application_name="shopnow access") as connection:
        (number,) = seller_numbers(connection, [seller_id])
    found = of_seller(read_ledger(settings, clock), number)
    if not found:
        raise UsageError(f"seller {seller_id!r} has no access", "`shopnow access list` names all.")
    alone = tuple(access for access in found if access.sellers == (number,))
    shared = tuple(access for access in found if access.sellers != (number,))
    return Farewell(alone, shared, number)


def apply_revoke(settings: Settings, clock: Clock, plan: Farewell) -> None:
    """Revoke: no row from the commit on, no session, no role."""
    ledger = access_ledger(settings, clock)
    if plan.ending:
        ledger.append(REVOKED, {"roles": [access.role_name for access in plan.ending]})
    for access in plan.narrowed:
        left = [number for number in access.sellers if number != plan.seller_no]
        ledger.append(CHANGED, {"roles": [access.role_name], "sellers": left})
    carry_out(settings, clock, [a.role_name for a in (*plan.ending, *plan.narrowed)])
    if plan.ending:
        journal_act(settings, clock, REVOKED, plan.ending)
    if plan.narrowed:
        journal_act(settings, clock, CHANGED, plan.narrowed)


def suspend(settings: Settings, clock: Clock, names: Sequence[str]) -> tuple[Access, ...]:
    """Let accesses show no row until they are resumed; sessions stay and see nothing."""
    return _mark(settings, clock, SUSPENDED, names)


def resume(settings: Settings, clock: Clock, names: Sequence[str]) -> tuple[Access, ...]:
    """End a suspension."""
    return _mark(settings, clock, RESUMED, names)


def confirm(settings: Settings, clock: Clock, names: Sequence[str]) -> tuple[Access, ...]:
    """Note that a review found these accesses still due."""
    return _mark(settings, clock, REVIEWED, names)


def _mark(settings: Settings, clock: Clock, kind: str, names: Sequence[str]) -> tuple[Access, ...]:
    accesses = find_each(settings, clock, names)
    roles = [access.role_name for access in accesses]
    access_ledger(settings, clock).append(kind, {"roles": roles})
    carry_out(settings, clock, roles)
    journal_act(settings, clock, kind, accesses)
    return accesses
