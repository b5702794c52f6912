"""Holders of accounts of the pages: who they are stands in the vault, the account says a number.

Protects DESIGN 7: the name and address of an account holder are erased, exported and kept no longer
than those of anybody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from shopnow.kernel import UsageError, connect
from shopnow.privacy.finding import persons_by_identifier
from shopnow.privacy.pseudonyms import Pseudonyms
from shopnow.privacy.rows import SQL
from shopnow.privacy.subjects import resolve_subjects
from shopnow.privacy.vault import SCHEMA, Vault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psycopg import Connection

    from shopnow.kernel import Clock, Settings
    from shopnow.privacy.erasure import Person
    from shopnow.privacy.keystore import KeyStore

KIND: Final = "account"
# The system in which accounts have their names: the house's own.
HOUSE: Final = "shopnow"
# What was said by a command came with no delivery.
_NO_DELIVERY: Final = 0


def hold_account(
    settings: Settings, clock: Clock, keystore: KeyStore, login: str, identity: Mapping[str, str]
) -> int:
    """Keep in the vault who holds an account; returns the number of the person.

    `identity`: by attribute (name, email); said again, it replaces what was said.  Raises
    UsageError where there is no such account.
    """
    lookups = Pseudonyms(keystore).subject_lookups(HOUSE, KIND, pl.Series([login]))
    with connect(settings, application_name="shopnow privacy") as conn, conn.transaction():
        number = int(resolve_subjects(conn, KIND, lookups)["subject_no"][0])
        rows = [
            {
                "subject_no": number, "attribute": attribute, "value": value,
                "said_at": clock.now(), "delivery_key": _NO_DELIVERY,
            }
            for attribute, value in identity.items()
        ]  # fmt: skip
        Vault(keystore).store(conn, pl.DataFrame(rows, SCHEMA))
        tied = conn.execute(SQL["holder_tie"], {"login": login, "subject_no": number}).rowcount
        if not tied:
            raise UsageError(f"no account {login!r}", "`shopnow web list` shows them.")
    return number


def holders_of(conn: Connection, keystore: KeyStore, login: str) -> list[Person]:
    """Return who holds an account, if it was said."""
    return persons_by_identifier(conn, keystore, KIND, login, [HOUSE])
