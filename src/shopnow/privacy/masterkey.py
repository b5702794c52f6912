"""The master key: one file outside the warehouse and outside the key store that it protects.

Protects the rule that a stolen key store or database opens nothing: every other key is kept
wrapped by this one, and this one is created once and never silently replaced.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shopnow.privacy.errors import KeyStoreError
from shopnow.privacy.files import make_private_folder, sync_folder, write_private_once

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12


class MasterKey:
    """Wraps and unwraps the keys of the key store with AES-256-GCM."""

    def __init__(self, key: bytes) -> None:
        """Take the 32 bytes of the key."""
        self._cipher = AESGCM(key)

    def wrap(self, key: bytes, label: bytes) -> bytes:
        """Return nonce and ciphertext of `key`; `label` says what it is for, and is bound."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, key, label)

    def unwrap(self, wrapped: bytes, label: bytes) -> bytes:
        """Return the key wrapped under the same label.

        Raises KeyStoreError when the master key, the label or the bytes are not the same.
        """
        try:
            return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], label)
        except (InvalidTag, ValueError):
            message = "a key of the key store cannot be unwrapped with the present master key"
            hint = "Put back secrets/master.key and keys/keystore.sqlite from the same backup."
            raise KeyStoreError(message, hint) from None


def load_master_key(path: Path, *, may_create: bool) -> MasterKey:
    """Return the master key kept at `path`, 64 hexadecimal digits.

    Creates it, readable by its owner alone, when `may_create` and it is absent.  Raises
    KeyStoreError when it is absent otherwise, or malformed.
    """
    if not path.exists():
        if not may_create:
            message = f"the master key {path} is missing while its key store exists"
            hint = "Put secrets/master.key back from its backup: no other key opens this store."
            raise KeyStoreError(message, hint)
        make_private_folder(path.parent)
        # Of two processes that start together one wins; the other reads what the winner wrote.
        write_private_once(path, os.urandom(KEY_BYTES).hex().encode() + b"\n")
        sync_folder(path.parent)
    return MasterKey(_parse(path))


def _parse(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        message = f"the master key {path} is not 64 hexadecimal digits"
        raise KeyStoreError(message, "Put secrets/master.key back from its backup.")
    return key
