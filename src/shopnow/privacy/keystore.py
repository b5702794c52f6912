"""The key store: every key of the warehouse, outside the warehouse, wrapped by the master key.

Protects two rules: a key is on the disk before a row needs it, and deleting a key here makes
what it sealed unreadable everywhere, backups of the database included.
"""

from __future__ import annotations

import os
import sqlite3
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

from shopnow.privacy.errors import KeyStoreError, MissingKeyError
from shopnow.privacy.keyfile import KeyFile
from shopnow.privacy.masterkey import KEY_BYTES, load_master_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from shopnow.kernel import Clock
    from shopnow.privacy.keyfile import Values


class KeyStore:
    """Keys by purpose; usable by several threads and several processes at once."""

    def __init__(self, home: Path, clock: Clock) -> None:
        """Open the store `home`/keys/keystore.sqlite, creating it and its master key once.

        Raises KeyStoreError when the master key is missing, malformed or another one.
        """
        path = home / "keys" / "keystore.sqlite"
        self._clock = clock
        self._named: dict[str, bytes] = {}
        self._master = load_master_key(
            home / "secrets" / "master.key", may_create=not path.exists()
        )
        self._file = KeyFile(path)
        try:
            # Unwrapping any key tells at once whether this master key is the right one.
            identity = self.named_key("identity")
        except BaseException:
            self._file.close()
            raise
        self.fingerprint = blake2b(identity, digest_size=16, person=b"key.store").digest()

    def __enter__(self) -> Self:
        """Return the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Forget the keys held in memory and close the file."""
        self._named.clear()
        self._file.close()

    def named_key(self, name: str) -> bytes:
        """Return the 32 bytes of the key of this name, made at its first use."""
        if name not in self._named:
            self._named[name] = self._kept_or_new(name)
        return self._named[name]

    def subject_keys(self, subject_nos: Sequence[int]) -> dict[int, bytes]:
        """Return a key for each subject; missing ones are made and flushed before the return."""
        with self._file.writing():
            self._file.rows("key_wanted_clear")
            self._file.write("key_wanted_insert", ({"subject_no": no} for no in subject_nos))
            missing = [number for (number,) in self._file.rows("key_subject_missing")]
            self._file.write("key_subject_insert", self._new_subjects(missing))
            found = self._file.rows("key_subject_select")
        unwrap = self._master.unwrap
        return {number: unwrap(wrapped, b"subject %d" % number) for number, wrapped in found}

    def kept_subject_keys(self, subject_nos: Sequence[int]) -> dict[int, bytes]:
        """Return the keys that these subjects have; none is made."""
        with self._file.writing():
            self._file.rows("key_wanted_clear")
            self._file.write("key_wanted_insert", ({"subject_no": no} for no in subject_nos))
            found = self._file.rows("key_subject_select")
        unwrap = self._master.unwrap
        return {number: unwrap(wrapped, b"subject %d" % number) for number, wrapped in found}

    def new_delivery_key(self, ref: str) -> bytes:
        """Return a new key kept under `ref`, flushed; raises KeyStoreError when `ref` is taken."""
        key = os.urandom(KEY_BYTES)
        wrapped = self._master.wrap(key, b"delivery " + ref.encode())
        row: Values = {"ref": ref, "wrapped": wrapped, "created_at": self._now()}
        try:
            with self._file.writing():
                self._file.write("key_delivery_insert", [row])
        except sqlite3.IntegrityError:
            message = f"the delivery key {ref} exists already"
            raise KeyStoreError(message, "Take a new reference for each landed file.") from None
        return key

    def delivery_key(self, ref: str) -> bytes:
        """Return the key kept under `ref`; raises MissingKeyError when there is none."""
        rows = self._file.rows("key_delivery_select", {"ref": ref})
        if not rows:
            message = f"the delivery key {ref} does not exist or was destroyed"
            raise MissingKeyError(message, "What it sealed cannot be read any more.")
        return self._master.unwrap(rows[0][0], b"delivery " + ref.encode())

    def delivery_refs(self, created_before: datetime) -> list[str]:
        """Return the references of the delivery keys made before an instant, sorted."""
        before = {"created_before": created_before.timestamp()}
        return [ref for (ref,) in self._file.rows("key_delivery_refs", before)]

    def subject_nos(self, created_before: datetime) -> list[int]:
        """Return the subjects whose keys were made before an instant, sorted."""
        before = {"created_before": created_before.timestamp()}
        return [number for (number,) in self._file.rows("key_subject_nos", before)]

    def drop_delivery_keys(self, refs: Iterable[str]) -> int:
        """Destroy these delivery keys for good; return how many there were."""
        with self._file.writing():
            return self._file.write("key_delivery_delete", ({"ref": ref} for ref in refs))

    def drop_subject_keys(self, subject_nos: Iterable[int]) -> int:
        """Destroy these subjects' keys for good; return how many there were."""
        with self._file.writing():
            rows = ({"subject_no": number} for number in subject_nos)
            return self._file.write("key_subject_delete", rows)

    def _kept_or_new(self, name: str) -> bytes:
        label = b"named " + name.encode()
        rows = self._file.rows("key_named_select", {"name": name})
        if not rows:
            wrapped = self._master.wrap(os.urandom(KEY_BYTES), label)
            row: Values = {"name": name, "wrapped": wrapped, "created_at": self._now()}
            with self._file.writing():
                # Another process may have made it in between: theirs counts, so read again.
                self._file.write("key_named_insert", [row])
            rows = self._file.rows("key_named_select", {"name": name})
        return self._master.unwrap(rows[0][0], label)

    def _new_subjects(self, subject_nos: Sequence[int]) -> Iterator[Values]:
        at = self._now()
        # One draw from the system for all of them: the call costs more than the bytes.
        drawn = memoryview(os.urandom(KEY_BYTES * len(subject_nos)))
        for i, number in enumerate(subject_nos):
            key = bytes(drawn[i * KEY_BYTES : (i + 1) * KEY_BYTES])
            wrapped = self._master.wrap(key, b"subject %d" % number)
            yield {"subject_no": number, "wrapped": wrapped, "created_at": at}

    def _now(self) -> float:
        return self._clock.now().timestamp()
