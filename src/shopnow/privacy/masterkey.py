"""The master key: one file outside the warehouse and outside the key store that it protects.

Protects the rule that a stolen key store or database opens nothing: every other key is kept
wrapped by this one, which is created once, never silently replaced, and turned by command.  The
file holds the key itself, or the key wrapped by a key vault that never gives its own away.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shopnow.privacy.errors import KeyStoreError
from shopnow.privacy.files import make_private_folder, sync_folder, write_private_once

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
FILE: Final = "master.key"
# What a rotation prepares; it takes the place of the other once the key store follows it.
NEXT: Final = "master.key.next"


class KeyVault(Protocol):
    """Something that wraps keys with a key that it never gives away."""

    @property
    def name(self) -> str:
        """What tells this vault and key among others: an address."""
        ...

    def wrap(self, key: bytes) -> tuple[str, bytes]:
        """Return the version of the vault's key that was used, and `key` wrapped by it."""
        ...

    def unwrap(self, version: str, wrapped: bytes) -> bytes:
        """Return the key wrapped by that version."""
        ...


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


@dataclass(frozen=True)
class MasterFiles:
    """The master key in the folder `secrets` of a home, and the vault that may wrap it."""

    folder: Path
    vault: KeyVault | None = None

    def load(self, *, may_create: bool) -> MasterKey:
        """Return the master key; made, readable by its owner alone, if absent and `may_create`.

        Raises KeyStoreError when it is absent otherwise, or malformed.
        """
        path = self.folder / FILE
        if not path.exists():
            if not may_create:
                message = f"the master key {path} is missing while its key store exists"
                hint = "Put secrets/master.key back from its backup: no other key opens this store."
                raise KeyStoreError(message, hint)
            make_private_folder(self.folder)
            # Of two processes that start together one wins; the other reads what it wrote.
            write_private_once(path, self._written(os.urandom(KEY_BYTES)))
            sync_folder(self.folder)
        return self._read(path)

    def load_next(self) -> MasterKey | None:
        """Return the key that a rotation left behind when it was killed, None without one."""
        path = self.folder / NEXT
        return self._read(path) if path.exists() else None

    def prepare_next(self) -> MasterKey:
        """Write a new key beside the present one and return it; nothing uses it yet."""
        path = self.folder / NEXT
        path.unlink(missing_ok=True)
        write_private_once(path, self._written(os.urandom(KEY_BYTES)))
        sync_folder(self.folder)
        return self._read(path)

    def adopt_next(self) -> None:
        """Put the new key in the place of the present one, which is gone."""
        # Another process that opened the store meanwhile may have done it already.
        with suppress(FileNotFoundError):
            (self.folder / NEXT).replace(self.folder / FILE)
        sync_folder(self.folder)

    def _written(self, key: bytes) -> bytes:
        if self.vault is None:
            return key.hex().encode() + b"\n"
        version, wrapped = self.vault.wrap(key)
        said = {"vault": self.vault.name, "version": version, "wrapped": wrapped.hex()}
        return json.dumps(said).encode() + b"\n"

    def _read(self, path: Path) -> MasterKey:
        text = path.read_text(encoding="ascii", errors="replace").strip()
        if text.startswith("{"):
            return MasterKey(self._unwrapped(path, text))
        try:
            key = bytes.fromhex(text)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            message = f"the master key {path} is not 64 hexadecimal digits"
            raise KeyStoreError(message, "Put secrets/master.key back from its backup.")
        return MasterKey(key)

    def _unwrapped(self, path: Path, text: str) -> bytes:
        try:
            said = json.loads(text)
            version, wrapped = said["version"], bytes.fromhex(said["wrapped"])
        except (ValueError, KeyError, TypeError) as error:
            message = f"the master key {path} is not as it was written"
            raise KeyStoreError(message, "Put it back from its backup.") from error
        if self.vault is None:
            message = "the master key is wrapped by a key vault, and none is set"
            raise KeyStoreError(message, f"Set key_vault to {said.get('vault')}.")
        return self.vault.unwrap(version, wrapped)
