"""The answer to an access request (GDPR articles 15 and 20): all that is held of a person.

Protects two rules: whose vault is opened, by whom and why is journaled before it is opened, and
the answer says where the data came from and how long they stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from psycopg.rows import dict_row

from shopnow.kernel import UsageError, connect
from shopnow.privacy.disclosure import note_opening, open_values
from shopnow.privacy.rows import SQL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shopnow.kernel import Clock, Settings
    from shopnow.privacy.erasure import Person
    from shopnow.privacy.keystore import KeyStore

# Article 12(3): without undue delay, within one month of receipt.
ANSWER_WITHIN: Final = timedelta(days=30)
_PARTS: Final = ("customer", "orders", "visits", "accounts", "sources")
_SHORTEST_REASON: Final = 5


@dataclass(frozen=True)
class PersonFile:
    """What is held of one person; identities by subject and attribute, rows by part."""

    kinds: tuple[str, ...]
    made_at: datetime
    identities: tuple[dict[str, str], ...]
    customer: tuple[dict[str, Any], ...]
    orders: tuple[dict[str, Any], ...]
    visits: tuple[dict[str, Any], ...]
    accounts: tuple[dict[str, Any], ...]
    sources: tuple[dict[str, Any], ...]


def read_vault(
    settings: Settings,
    clock: Clock,
    keystore: KeyStore,
    persons: Sequence[Person],
    *,
    who: str,
    reason: str,
) -> dict[int, dict[str, str]]:
    """Return the values of these persons in the clear, by subject and attribute.

    The use is journaled, and committed, before the first value is opened.  Raises UsageError
    without a reason.
    """
    if len(reason.strip()) < _SHORTEST_REASON:
        raise UsageError("a reason is missing", "Say why, with the request's reference: --reason.")
    numbers = [one.subject_no for one in persons]
    note_opening(settings, clock, who=who, reason=reason.strip(), subjects=numbers)
    with connect(settings, "shopnow_dpo", application_name="shopnow privacy") as conn:
        return open_values(conn, keystore, numbers)


def person_file(
    settings: Settings,
    clock: Clock,
    keystore: KeyStore,
    persons: Sequence[Person],
    *,
    who: str,
    reason: str,
) -> PersonFile:
    """Return all that is held of these subjects, who are one person, and note the request."""
    values = read_vault(settings, clock, keystore, persons, who=who, reason=reason)
    now = clock.now()
    wanted = {"subjects": [one.subject_no for one in persons]}
    with connect(settings, application_name="shopnow privacy") as conn:
        with conn.cursor(row_factory=dict_row) as cursor:
            parts = {
                name: tuple(cursor.execute(SQL[f"export_{name}"], wanted).fetchall())
                for name in _PARTS
            }
        answer = {"kind": "access", "at": now, "due_at": now + ANSWER_WITHIN}
        conn.execute(SQL["request_add"], wanted | answer | {"outcome": "réponse établie"})
    identities = tuple(
        {"kind": one.kind, **dict(sorted(values.get(one.subject_no, {}).items()))}
        for one in persons
    )
    kinds = tuple(sorted({one.kind for one in persons}))
    return PersonFile(kinds, now, identities, **parts)
