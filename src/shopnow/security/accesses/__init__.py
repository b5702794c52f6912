"""Accesses: roles made for somebody, granted, suspended and revoked through the access ledger."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.security.accesses.finding import find_each, find_open
    from shopnow.security.accesses.following import (
        Replayed,
        check_accesses,
        read_ledger,
        replay_access,
    )
    from shopnow.security.accesses.granting import (
        Granted,
        apply_grants,
        draw_password,
        plan_due_sellers,
        plan_every_seller,
        plan_seller,
        plan_staff,
        set_expiry,
    )
    from shopnow.security.accesses.listing import Listed, list_accesses
    from shopnow.security.accesses.model import Access, one_named
    from shopnow.security.accesses.revoking import (
        Farewell,
        apply_revoke,
        confirm,
        plan_revoke,
        plan_revoke_every_seller,
        plan_revoke_seller,
        resume,
        suspend,
    )
    from shopnow.security.accesses.serving import is_web_login, read_served
    from shopnow.security.accesses.store import follow_merges, read_map, seller_names

__all__ = [
    "Access",
    "Farewell",
    "Granted",
    "Listed",
    "Replayed",
    "apply_grants",
    "apply_revoke",
    "check_accesses",
    "confirm",
    "draw_password",
    "find_each",
    "find_open",
    "follow_merges",
    "is_web_login",
    "list_accesses",
    "one_named",
    "plan_due_sellers",
    "plan_every_seller",
    "plan_revoke",
    "plan_revoke_every_seller",
    "plan_revoke_seller",
    "plan_seller",
    "plan_staff",
    "read_ledger",
    "read_map",
    "read_served",
    "replay_access",
    "resume",
    "seller_names",
    "set_expiry",
    "suspend",
]
