"""Compare and apply as one act: after a migration, and when an administrator asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.kernel import SystemClock, connect
from shopnow.security.accesses import (
    apply_grants,
    check_accesses,
    is_web_login,
    plan_due_sellers,
    read_map,
    read_served,
    replay_access,
)
from shopnow.security.declared import (
    Finding,
    apply_findings,
    compare,
    compare_roles,
    load_declaration,
    read_found,
)

if TYPE_CHECKING:
    from shopnow.kernel import Clock, Settings


def check_access(settings: Settings, clock: Clock | None = None) -> tuple[Finding, ...]:
    """Return every difference: declaration, catalogue, access ledger, map, roles of the server."""
    clock = clock or SystemClock()
    return (*_declared(settings), *check_accesses(settings, clock), *_due(settings, clock))


def settle_access(settings: Settings) -> int:
    """Bring rights, policies and declared roles to the declaration; return how many changed.

    Runs after each migration; accesses of people are left as they are.
    """
    return apply_findings(settings, _declared(settings))


def apply_access(settings: Settings, clock: Clock | None = None) -> tuple[Finding, ...]:
    """Bring everything to the declaration and to the access ledger; return what is left.

    Sellers that the declaration lets in, and that are not in, are granted theirs: all of them as
    one entry of the ledger and one event of the journal.
    """
    clock = clock or SystemClock()
    settle_access(settings)
    replay_access(settings, clock)
    apply_grants(settings, clock, plan_due_sellers(settings, clock))
    return check_access(settings, clock)


def _due(settings: Settings, clock: Clock) -> tuple[Finding, ...]:
    detail = "la déclaration donne les pages à chaque vendeur, celui-ci ne les a pas"
    return tuple(
        Finding("access_missing", plan.label, detail) for plan in plan_due_sellers(settings, clock)
    )


def _declared(settings: Settings) -> tuple[Finding, ...]:
    declared = load_declaration(settings.access_file)
    with connect(settings, "shopnow_owner", application_name="shopnow access") as connection:
        found = read_found(connection)
        # Roles made for accesses are compared with the ledger, by `check_accesses`.
        known = {*read_map(connection), *read_served(connection)}
    known.update(name for name in found.roles if is_web_login(name))
    return (*compare_roles(declared, found, known), *compare(declared, found))
