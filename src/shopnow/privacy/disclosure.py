"""Reading the vault: values of persons in the clear, for who has the right and says why.

Protects the rule that a key is never made by reading: a person whose key was destroyed stays
unreadable, whatever rows a restored backup brings back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shopnow.journal import Event, record_event
from shopnow.kernel import connect
from shopnow.privacy.rows import SQL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import Connection

    from shopnow.kernel import Clock, Settings
    from shopnow.privacy.keystore import KeyStore


def note_opening(
    settings: Settings, clock: Clock, *, who: str, reason: str, subjects: Sequence[int] | None
) -> None:
    """Journal, and commit, that the vault is about to be opened for these subjects; None: all."""
    whom = "pour tout le monde" if subjects is None else f"pour {len(subjects)} personne(s)"
    payload: dict[str, object] = {"who": who, "reason": reason}
    if subjects is not None:
        payload["subjects"] = list(subjects)
    event = Event(
        ts=clock.now(),
        source="privacy",
        type="securite",
        level="WARNING",
        message=f"coffre ouvert par {who} {whom}",
        error_code="vault_opened",
        payload=payload,
    )
    with connect(settings, application_name="shopnow privacy") as conn:
        record_event(conn, event)


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
