"""The map of accesses in the database: read it, and write what the ledger says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psycopg.types.json import Jsonb

from shopnow.kernel import Sql, UsageError
from shopnow.security.accesses.model import Access

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    import psycopg
    from psycopg.rows import TupleRow

SQL = Sql(__package__)


def read_map(conn: psycopg.Connection[TupleRow]) -> dict[str, Access]:
    """Return the accesses that the database knows, by role, without their verifiers."""
    found = {}
    for (
        role, label, kind, member_of, can_login, granted_at, sellers, web_login, *dates,
    ) in conn.execute(SQL["map_read"]):  # fmt: skip
        expires_at, suspended, password_at, reviewed_at, revoked_at = dates
        found[role] = Access(
            role, label, kind, member_of, can_login, granted_at, tuple(sellers), web_login,
            expires_at, suspended, password_at, reviewed_at, revoked_at,
        )  # fmt: skip
    return found


def read_strangers(conn: psycopg.Connection[TupleRow]) -> list[tuple[str, int]]:
    """Return rows of the map of sellers that no open access stands for."""
    return [(role, seller_no) for role, seller_no in conn.execute(SQL["map_strangers"])]


def write_map(
    conn: psycopg.Connection[TupleRow], accesses: Sequence[Access], *, is_whole: bool
) -> None:
    """Make the map say this of these accesses; with `is_whole` it then holds no other.

    One transaction: the rows that a seller sees change at its commit.
    """
    roles = [access.role_name for access in accesses]
    sellers = [
        {"role_name": access.role_name, "seller_no": seller_no}
        for access in accesses
        if access.is_open
        for seller_no in access.sellers
    ]
    with conn.transaction():
        if is_whole:
            conn.execute(SQL["map_forget"], {"roles": roles})
        # A label that passes from a revoked access to a new one is free before it is taken.
        closed = [access for access in accesses if not access.is_open]
        for part in (closed, [access for access in accesses if access.is_open]):
            conn.execute(SQL["map_write"], {"accesses": _rows(part)})
        conn.execute(SQL["sellers_clear"], {"roles": roles})
        conn.execute(SQL["sellers_write"], {"sellers": Jsonb(sellers)})
        conn.execute(SQL["merges_follow"])


def follow_merges(conn: psycopg.Connection[TupleRow]) -> int:
    """Let the roles of a seller see those merged into it; returns how many rows changed.

    Runs in the transaction that opens or closes a bridge, as the loader.
    """
    row = conn.execute(SQL["merges_follow"]).fetchone()
    return int(row[0]) if row else 0


def seller_numbers(conn: psycopg.Connection[TupleRow], seller_ids: Sequence[str]) -> list[int]:
    """Return the numbers of sellers by their identifiers, in the order given.

    Raises UsageError for one that no source knows, or that leads to several sellers.
    """
    rows = conn.execute(SQL["sellers_known"], {"seller_ids": list(seller_ids)}).fetchall()
    numbers = []
    for seller_id in seller_ids:
        found = sorted(number for known, number in rows if known == seller_id)
        if not found or found[0] <= 0:
            raise UsageError(f"no seller {seller_id!r}", "`shopnow seller list` names them.")
        if len(found) > 1:
            shown = ", ".join(map(str, found))
            message = f"{seller_id!r} is another seller in each source system: numbers {shown}"
            raise UsageError(message, "Merge them first, or grant each by its own identifier.")
        numbers.append(found[0])
    return numbers


def sellers_without_pages(conn: psycopg.Connection[TupleRow]) -> list[tuple[int, str]]:
    """Return number and identifier of the sellers that the pages have no role for."""
    return [(number, name) for number, name in conn.execute(SQL["sellers_without"])]


def sellers_due(
    conn: psycopg.Connection[TupleRow], shown_out: Collection[int]
) -> list[tuple[int, str]]:
    """Return number and identifier of those that have no access although each seller has one."""
    rows = conn.execute(SQL["sellers_due"], {"shown_out": sorted(shown_out)})
    return [(number, name) for number, name in rows]


def seller_names(conn: psycopg.Connection[TupleRow], numbers: Iterable[int]) -> dict[int, str]:
    """Return one identifier for each number."""
    rows = conn.execute(SQL["seller_names"], {"seller_nos": sorted(set(numbers))})
    return {int(number): str(name) for number, name in rows}


def web_logins(conn: psycopg.Connection[TupleRow]) -> dict[str, int]:
    """Return how many roles each login of the pages may take."""
    return {login: int(roles) for login, roles in conn.execute(SQL["web_logins"])}


def _rows(accesses: Iterable[Access]) -> Jsonb:
    rows: list[dict[str, Any]] = [
        {
            "role_name": access.role_name,
            "label": access.label,
            "kind": access.kind,
            "member_of": access.member_of,
            "can_login": access.can_login,
            "web_login": access.web_login,
            "granted_at": access.granted_at,
            "expires_at": access.expires_at,
            "suspended": access.suspended,
            "password_at": access.password_at,
            "reviewed_at": access.reviewed_at,
            "revoked_at": access.revoked_at,
        }
        for access in accesses
    ]
    return Jsonb(rows, dumps=lambda value: json.dumps(value, default=str))
