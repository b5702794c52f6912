"""Who may enter the pages: accounts, sessions, and the database role that each account takes."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.security.entering.accounts import (
        LONGEST,
        Account,
        Accounts,
        add_account,
        add_seller_account,
        list_accounts,
        remove_account,
        suspend_account,
    )
    from shopnow.security.entering.model import STAFF, STAFF_POOL, STAFF_ROLES, Person

__all__ = [
    "LONGEST",
    "STAFF",
    "STAFF_POOL",
    "STAFF_ROLES",
    "Account",
    "Accounts",
    "Person",
    "add_account",
    "add_seller_account",
    "list_accounts",
    "remove_account",
    "suspend_account",
]
