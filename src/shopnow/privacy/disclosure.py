"""Reading the vault: values of persons in the clear, for who has the right and says why.

Protects the rule that a key is never made by reading: a person whose key was destroyed stays
unreadable, whatever rows a restored backup brings back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shopnow.privacy.rows import SQL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from shopnow.privacy.keystore import KeyStore


def open_values(
    conn: Connection, keystore: KeyStore, subject_nos: Sequence[int]
) -> dict[int, dict[str, str]]:
    """The values of these subjects by attribute (name, email, phone, street), in the clear.

    `conn` needs the right to read privacy.vault.  Subjects without values or without a key are
    not in it.  Who calls this journals it.
    """
    numbers = list(subject_nos)
    keys = keystore.kept_subject_keys(numbers)
    opened: dict[int, dict[str, str]] = {}
    rows = conn.execute(SQL["vault_read"], {"subjects": numbers})
    for number, attribute, nonce, ciphertext in rows:
        if number in keys:
            label = f"privacy.vault|{attribute}|{number}".encode()
            value = AESGCM(keys[number]).decrypt(bytes(nonce), bytes(ciphertext), label).decode()
            opened.setdefault(number, {})[attribute] = value
    return opened
