"""Accesses as those who look after them read them, and what a review asks about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shopnow.security.accesses.store import SQL

if TYPE_CHECKING:
    import psycopg
    from psycopg.rows import TupleRow

# A review is due half-yearly; a login that nobody used for a quarter is asked about.
REVIEW_AFTER: Final = timedelta(days=182)
UNUSED_AFTER: Final = timedelta(days=91)


@dataclass(frozen=True, slots=True)
class Listed:
    """One access as a page shows it."""

    role_name: str
    label: str
    kind: str
    member_of: str
    can_login: bool
    # Identifiers of the sellers whose rows it shows, merged ones included.
    sellers: tuple[str, ...]
    web_login: str | None
    granted_at: datetime
    expires_at: datetime | None
    password_at: datetime | None
    reviewed_at: datetime | None
    revoked_at: datetime | None
    # open | suspended | expired | revoked
    state: str
    last_used_at: datetime | None

    def questions(self, now: datetime) -> tuple[str, ...]:
        """Return what a review has to ask: expired, suspended, never_used, unused, unreviewed."""
        asked = [self.state] if self.state in {"expired", "suspended"} else []
        if self.can_login and self.granted_at < now - UNUSED_AFTER:
            if self.last_used_at is None:
                asked.append("never_used")
            elif self.last_used_at < now - UNUSED_AFTER:
                asked.append("unused")
        if max(self.granted_at, self.reviewed_at or self.granted_at) < now - REVIEW_AFTER:
            asked.append("unreviewed")
        return tuple(asked)


def list_accesses(
    conn: psycopg.Connection[TupleRow],
    now: datetime,
    *,
    with_closed: bool = False,
    seller: str | None = None,
) -> list[Listed]:
    """Return the accesses, open ones first; with `seller` those that show its rows."""
    values = {"now": now, "with_closed": with_closed, "seller": seller}
    return [
        Listed(role, label, kind, member_of, login, tuple(sellers), *rest)
        for role, label, kind, member_of, login, sellers, *rest in conn.execute(
            SQL["accesses_listed"], values
        )
    ]
