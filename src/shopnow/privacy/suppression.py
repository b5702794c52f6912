"""The suppression list: persons who were erased, known again only when they are named anew.

Protects the promise that a later delivery does not bring an erased person back.  The list holds
keyed hashes under a key of their own: without it nobody can tell who is on the list, and nothing
leads from an entry to the rows that were made anonymous.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import polars as pl

from shopnow.privacy.rows import SQL

if TYPE_CHECKING:
    from psycopg import Connection

    from shopnow.privacy.keystore import KeyStore

_KEY: Final = "suppression"
DIGEST_BYTES: Final = 16


class Suppression:
    """The list as it stands when it is first asked; one object serves one delivery."""

    def __init__(self, conn: Connection, keystore: KeyStore) -> None:
        """Read the list; where it is empty no hash is ever computed."""
        self._keystore = keystore
        self._digests = {bytes(digest) for (digest,) in conn.execute(SQL["suppression_read"])}

    def __bool__(self) -> bool:
        """Return whether anybody is on the list."""
        return bool(self._digests)

    def named(self, lookups: pl.Series) -> pl.Series:
        """Return for each lookup (Binary) whether it is that of an erased person; null is not."""
        return self._hits(lookups, b"lookup")

    def written_to(self, email_lookups: pl.Series) -> pl.Series:
        """Return for each e-mail lookup whether it is that of an erased contact; null is not."""
        return self._hits(email_lookups, b"email")

    def _hits(self, lookups: pl.Series, what: bytes) -> pl.Series:
        if not self._digests:
            return pl.Series("erased", [False], dtype=pl.Boolean).new_from_index(0, len(lookups))
        distinct = lookups.drop_nulls().unique().to_list()
        key = self._keystore.named_key(_KEY)
        hits = [value for value in distinct if _digest(key, what, value) in self._digests]
        found = pl.Series("hits", hits, dtype=pl.Binary)
        return lookups.is_in(found.implode()).fill_null(value=False).alias("erased")


def person_digest(
    keystore: KeyStore, kind: str, lookup: bytes, email_lookup: bytes | None
) -> bytes:
    """Return the 16 bytes under which a person stands on the list.

    The contact of a seller is found by the seller's identifier: who follows in that post must be
    let in, so a contact is known by the e-mail address where there is one.
    """
    if kind == "seller_contact" and email_lookup is not None:
        return _digest(keystore.named_key(_KEY), b"email", email_lookup)
    return subject_digest(keystore, lookup)


def subject_digest(keystore: KeyStore, lookup: bytes) -> bytes:
    """Return the 16 bytes by which the ledger tells a subject of any copy of the warehouse."""
    return _digest(keystore.named_key(_KEY), b"lookup", lookup)


def _digest(key: bytes, what: bytes, value: bytes) -> bytes:
    return blake2b(value, key=key, digest_size=DIGEST_BYTES, person=what).digest()
