"""The key store: every key of the warehouse, outside the warehouse, wrapped by the master key.

Protects two rules: a key is on the disk before a row needs it, and deleting a key here makes
what it sealed unreadable everywhere, backups of the database included.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Self

from shopnow.privacy.errors import KeyStoreError, MissingKeyError
from shopnow.privacy.keyfile import KeyFile
from shopnow.privacy.masterkey import KEY_BYTES, MasterFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from shopnow.kernel import Clock
    from shopnow.privacy.keyfile import Values
    from shopnow.privacy.masterkey import KeyVault, MasterKey


# Keys that a rotation holds in memory at a time.
_PART: Final = 100_000


class KeyStore:
    """Keys by purpose; usable by several threads and several processes at once."""

    def __init__(self, home: Path, clock: Clock, vault: KeyVault | None = None) -> None:
        """Open the store `home`/keys/keystore.sqlite, creating it and its master key once.

        `vault` wraps the master key; by default it stands in a file of its own.  Raises
        KeyStoreError when the master key is missing, malformed or another one.
        """
        path = home / "keys" / "keystore.sqlite"
        self._clock = clock
        self._named: dict[str, bytes] = {}
        self._generation = -1
        self._masters = MasterFiles(home / "secrets", vault)
        self._master = self._masters.load(may_create=not path.exists())
        self._file = KeyFile(path)
        try:
            self._follow_rotation()
            # Unwrapping any key tells at once whether this master key is the right one.
            identity = self.named_key("identity")
            # Made with the store, not at the first erasure: every copy of the store has to know
            # again whom the ledger names.
            self.named_key("suppression")
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
        with self._writing():
            self._file.rows("key_wanted_clear")
            self._file.write("key_wanted_insert", ({"subject_no": no} for no in subject_nos))
            missing = [number for (number,) in self._file.rows("key_subject_missing")]
            self._file.write("key_subject_insert", self._new_subjects(missing))
            found = self._file.rows("key_subject_select")
            unwrap = self._master.unwrap
        return {number: unwrap(wrapped, b"subject %d" % number) for number, wrapped in found}

    def kept_subject_keys(self, subject_nos: Sequence[int]) -> dict[int, bytes]:
        """Return the keys that these subjects have; none is made."""
        with self._writing():
            self._file.rows("key_wanted_clear")
            self._file.write("key_wanted_insert", ({"subject_no": no} for no in subject_nos))
            found = self._file.rows("key_subject_select")
            unwrap = self._master.unwrap
        return {number: unwrap(wrapped, b"subject %d" % number) for number, wrapped in found}

    def new_delivery_key(self, ref: str) -> bytes:
        """Return a new key kept under `ref`, flushed; raises KeyStoreError when `ref` is taken."""
        key = os.urandom(KEY_BYTES)
        try:
            with self._writing():
                wrapped = self._master.wrap(key, b"delivery " + ref.encode())
                row: Values = {"ref": ref, "wrapped": wrapped, "created_at": self._now()}
                self._file.write("key_delivery_insert", [row])
        except sqlite3.IntegrityError:
            message = f"the delivery key {ref} exists already"
            raise KeyStoreError(message, "Take a new reference for each landed file.") from None
        return key

    def delivery_key(self, ref: str) -> bytes:
        """Return the key kept under `ref`; raises MissingKeyError when there is none."""
        key = self._kept("delivery", {"ref": ref}, ref)
        if key is None:
            message = f"the delivery key {ref} does not exist or was destroyed"
            raise MissingKeyError(message, "What it sealed cannot be read any more.")
        return key

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

    def count_keys(self) -> int:
        """Return how many keys there are, of all purposes."""
        return sum(
            self._file.rows(f"key_{table}_count")[0][0]
            for table in ("named", "subject", "delivery")
        )

    def rotate_master(self, vault: KeyVault | None) -> int:
        """Turn the master key: every key is wrapped anew by a new one; returns how many were.

        `vault` wraps the new master key, None leaves it in its file.  A kill anywhere leaves a
        store that opens: before the commit with the old key, after it with the new one.  Other
        processes that hold the store open follow by themselves.
        """
        fresh = MasterFiles(self._masters.folder, vault)
        with self._writing():
            master = fresh.prepare_next()
            rewrapped = sum(self._rewrap(name, master) for name in ("named", "subject", "delivery"))
            self._generation = self._file.count_rotation()
        fresh.adopt_next()
        self._master, self._masters = master, fresh
        return rewrapped

    def _rewrap(self, table: str, master: MasterKey) -> int:
        """Wrap the keys of a table by another master key, a part at a time."""
        done, after = 0, -1
        while rows := self._file.rows(f"key_{table}_part", {"after": after, "most": _PART}):
            self._file.write(
                f"key_{table}_rewrap",
                (
                    {"place": place, "wrapped": self._turned(wrapped, _label(table, of), master)}
                    for place, of, wrapped in rows
                ),
            )
            done, after = done + len(rows), rows[-1][0]
        return done

    def _turned(self, wrapped: bytes, label: bytes, master: MasterKey) -> bytes:
        return master.wrap(self._master.unwrap(wrapped, label), label)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the store's only transaction, with the master key that its keys are wrapped by."""
        with self._file.writing():
            self._follow_rotation()
            yield

    def _follow_rotation(self) -> None:
        """Take the present master key where another process has turned it since."""
        generation = self._file.rotations()
        if generation == self._generation:
            return
        rows = self._file.rows("key_named_select", {"name": "identity"})
        if rows:
            self._master = self._opening(rows[0][0])
        self._generation = generation

    def _opening(self, wrapped: bytes) -> MasterKey:
        """Return the master key that opens this key of the store; raises KeyStoreError."""
        if _opens(self._master, wrapped):
            return self._master
        # Turned by another process since we opened.
        present = self._masters.load(may_create=False)
        if _opens(present, wrapped):
            return present
        left = self._masters.load_next()
        if left is None:
            # Says what is wrong.
            present.unwrap(wrapped, _label("named", "identity"))
            return present
        left.unwrap(wrapped, _label("named", "identity"))
        # The rotation was killed after its commit: its last move is made here.
        self._masters.adopt_next()
        return left

    def _kept_or_new(self, name: str) -> bytes:
        kept = self._kept("named", {"name": name}, name)
        if kept is not None:
            return kept
        with self._writing():
            wrapped = self._master.wrap(os.urandom(KEY_BYTES), _label("named", name))
            row: Values = {"name": name, "wrapped": wrapped, "created_at": self._now()}
            # Another process may have made it in between: theirs counts, so read again.
            self._file.write("key_named_insert", [row])
        made = self._kept("named", {"name": name}, name)
        assert made is not None  # noqa: S101 — it was written, by us or by another
        return made

    def _kept(self, table: str, values: Values, of: str) -> bytes | None:
        """Return a key of a table, None where there is none."""
        rows = self._file.rows(f"key_{table}_select", values)
        if not rows:
            return None
        try:
            return self._master.unwrap(rows[0][0], _label(table, of))
        except KeyStoreError:
            # Turned by another process since we opened: read again what belongs together.
            with self._writing():
                ((wrapped,),) = self._file.rows(f"key_{table}_select", values)
                return self._master.unwrap(wrapped, _label(table, of))

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


def _label(table: str, of: str | int) -> bytes:
    """What a key of a table is bound to."""
    return f"{table} {of}".encode()


def _opens(master: MasterKey, wrapped: bytes) -> bool:
    """Say whether this master key opens the store's key of identity."""
    with suppress(KeyStoreError):
        master.unwrap(wrapped, _label("named", "identity"))
        return True
    return False
