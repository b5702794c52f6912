"""One warehouse, one key store: refused at once instead of found out a year later.

With another key store every pseudonym would change silently: each customer would appear twice
and nothing sealed before could be read.  The warehouse therefore keeps a fingerprint of the key
store that it was first loaded with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopnow.privacy.errors import KeyStoreError
from shopnow.privacy.rows import SQL

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg import Connection

    from shopnow.privacy.keystore import KeyStore


def bind_key_store(conn: Connection, keystore: KeyStore, at: datetime) -> None:
    """Tie the warehouse to this key store at its first load, afterwards check that it is the one.

    Raises KeyStoreError when the warehouse was loaded with another key store.
    """
    row = conn.execute(SQL["key_store_select"]).fetchone()
    if row is None:
        with conn.transaction():
            values = {"fingerprint": keystore.fingerprint, "bound_at": at}
            conn.execute(SQL["key_store_insert"], values)
            row = conn.execute(SQL["key_store_select"]).fetchone()
    if row is None or bytes(row[0]) != keystore.fingerprint:
        message = "this warehouse was loaded with another key store than the one in its home"
        hint = "Put secrets/master.key and keys/keystore.sqlite back from the warehouse's backup."
        raise KeyStoreError(message, hint)
