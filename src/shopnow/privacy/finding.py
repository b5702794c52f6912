"""Finding a person by what they say of themselves: an identifier, or an e-mail address.

What was asked is hashed before it reaches the database: neither a statement nor a log holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from shopnow.privacy.erasure import Person, persons_numbered
from shopnow.privacy.pseudonyms import Pseudonyms
from shopnow.privacy.rows import SQL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psycopg import Connection

    from shopnow.privacy.keystore import KeyStore


def persons_by_identifier(
    conn: Connection, keystore: KeyStore, kind: str, identifier: str, systems: Iterable[str]
) -> list[Person]:
    """Return the persons of a kind whom any of these source systems calls so.

    A customer is also found by the pseudonym that the warehouse shows.
    """
    name = identifier.strip()
    pseudonyms = Pseudonyms(keystore)
    lookups = [pseudonyms.subject_lookup(system, kind, name) for system in systems]
    found = _found(conn, lookups, [])
    if kind == "customer":
        rows = conn.execute(SQL["subjects_by_pseudonym"], {"customer_id": name}).fetchall()
        found += persons_numbered(conn, [number for (number,) in rows])
    return list({one.subject_no: one for one in found}.values())


def persons_by_email(conn: Connection, keystore: KeyStore, email: str) -> list[Person]:
    """Return every person, of any kind, whose e-mail address this is; blanks and case apart."""
    lookups = Pseudonyms(keystore).email_lookups(pl.Series([email])).drop_nulls().to_list()
    return _found(conn, [], lookups)


def _found(conn: Connection, lookups: list[bytes], emails: list[bytes]) -> list[Person]:
    values = {"lookups": lookups, "email_lookups": emails}
    rows = conn.execute(SQL["subjects_by_lookup"], values).fetchall()
    return persons_numbered(conn, [row[0] for row in rows])
