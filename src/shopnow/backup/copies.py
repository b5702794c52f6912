"""The second copy: every finished backup and segment at another place, sealed before it leaves.

Any URL that fsspec knows (`az://`, `sftp://`, `file://`, …).  What leaves the machine is encrypted
with the backup key, which stays in the home and on the medium it was exported to.  A copy is
never written over, so that a store which keeps files from change can be told to.
"""

from __future__ import annotations

import os
import posixpath
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

from shopnow.backup.archive import SUFFIX
from shopnow.backup.catalogue import backups_of, note
from shopnow.backup.errors import BackupBrokenError, BackupError, full_disk_told
from shopnow.backup.files import files_below, private_folder
from shopnow.backup.model import Kind
from shopnow.backup.places import shelf_of
from shopnow.backup.reaching import (
    hang_up,
    options_of,
    shown,
    shows_whole_objects_only,
    store_at,
)
from shopnow.backup.running import shelf_for
from shopnow.kernel import ShopnowError, write_private
from shopnow.privacy import SealBrokenError, open_sealed, seal_stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fsspec import AbstractFileSystem

    from shopnow.backup.places import Shelf
    from shopnow.kernel import Clock, Settings

SEALED: Final = ".sealed"
_KEY_BYTES: Final = 32
_PIECE: Final = 4 * 1024 * 1024


@dataclass(frozen=True)
class Copies:
    """A second place, below one URL; left, it hangs up."""

    url: str
    key: bytes = field(repr=False)
    work: Path
    # What the store wants to know (account, key), from a file of the home's secrets.
    options: dict[str, Any] = field(default_factory=dict, repr=False)

    def __enter__(self) -> Self:
        """Return the place itself; the first call reaches it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up where there is a connection."""
        if "_store" in self.__dict__:
            hang_up(self._store[0])

    @cached_property
    def _store(self) -> tuple[AbstractFileSystem, str]:
        with self._told():
            return store_at(self.url, self.options)

    def names(self, below: str) -> list[str]:
        """Return the names of what is stored below a folder, sorted, without their seal."""
        store, base = self._store
        with self._told():
            store.invalidate_cache()
            found = store.find(posixpath.join(base, below)) if store.exists(base) else []
        root = base.rstrip("/") + "/"
        names = (str(path).removeprefix(root) for path in found)
        return sorted(name.removesuffix(SEALED) for name in names if name.endswith(SEALED))

    def put(self, source: Path, name: str) -> None:
        """Seal a file and store it; what is stored already stays as it is."""
        store, base = self._store
        target = posixpath.join(base, name + SEALED)
        sealed = private_folder(self.work) / f"{secrets.token_hex(8)}{SEALED}"
        try:
            with full_disk_told("la seconde copie"), source.open("rb") as stream:
                seal_stream(stream, sealed, self.key)
            with self._told():
                if store.exists(target):
                    return
                if shows_whole_objects_only(store):
                    store.put_file(str(sealed), target)
                    return
                store.makedirs(posixpath.dirname(target), exist_ok=True)
                # Under another name first: half a file must never have the name of a whole one.
                store.put_file(str(sealed), f"{target}.part")
                store.mv(f"{target}.part", target)
        finally:
            sealed.unlink(missing_ok=True)

    def get(self, name: str, target: Path) -> None:
        """Fetch a file and open its seal.  Raises BackupBrokenError when the key is not its own."""
        store, base = self._store
        sealed = private_folder(self.work) / f"{secrets.token_hex(8)}{SEALED}"
        try:
            with self._told(), full_disk_told("la copie rapatriée"):
                store.get_file(posixpath.join(base, name + SEALED), str(sealed))
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open_sealed(sealed, self.key) as stream, target.open("wb") as whole:
                while piece := stream.read(_PIECE):
                    whole.write(piece)
        except SealBrokenError as error:
            target.unlink(missing_ok=True)
            raise BackupBrokenError(
                f"la copie de {name} ne s'ouvre pas : autre clé, ou fichier altéré",
                "Vérifier secrets/backup.key (`shopnow backup key --import`).",
            ) from error
        finally:
            sealed.unlink(missing_ok=True)

    def forget(self, name: str) -> None:
        """Delete what is stored under a name or below a folder."""
        store, base = self._store
        with self._told():
            for path in (posixpath.join(base, name), posixpath.join(base, name + SEALED)):
                if store.exists(path):
                    store.rm(path, recursive=True)

    def _told(self) -> _Told:
        return _Told(self.url)


class _Told:
    """Turns what a store raises into our error, without the URL's secrets."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, ShopnowError):
            raise BackupError(
                f"la seconde copie ({shown(self._url)}) ne répond pas : {type(error).__name__}",
                "Les sauvegardes locales sont faites ; la copie reprend à la prochaine occasion.",
            ) from error


def copies_of(settings: Settings, *, of_keys: bool = False) -> Copies | None:
    """Return the second place of the data of these settings, or that of the keys, or None."""
    url = settings.backup_keys_copy if of_keys else settings.backup_copy
    return copies_at(settings, url, of_keys=of_keys) if url else None


def copies_at(
    settings: Settings, url: str, *, of_keys: bool = False, may_draw: bool = True
) -> Copies:
    """Return a place by URL; what it wants to know stands in a file of the home's secrets.

    Without `may_draw` the backup key must be there: whoever fetches needs the one that sealed.
    """
    key = backup_key(settings, may_draw=may_draw)
    options = options_of(settings, of_keys=of_keys)
    return Copies(url, key, shelf_of(settings).root / ".copying", options)


def backup_key(settings: Settings, *, may_draw: bool = True) -> bytes:
    """Return the key of all that leaves the machine; the first call draws it where it may."""
    path = settings.home / "secrets" / "backup.key"
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        if not may_draw:
            raise BackupError(
                "la clé des copies (secrets/backup.key) manque",
                "`shopnow backup key --import FICHIER`, depuis le support qui la garde.",
            ) from None
        key = os.urandom(_KEY_BYTES)
        private_folder(path.parent)
        write_private(path, key.hex() + "\n")
    except ValueError as error:
        raise BackupError(f"{path} n'est pas une clé de sauvegarde") from error
    if len(key) != _KEY_BYTES:
        raise BackupError(f"{path} n'est pas une clé de sauvegarde")
    return key


def copy_all(settings: Settings, clock: Clock, progress: Callable[[str], None]) -> int:
    """Copy what the second place does not have yet; return how many files went.

    Data and log go to `backup_copy`, keys to `backup_keys_copy`: never to the same place.
    """
    if settings.backup_copy and settings.backup_copy == settings.backup_keys_copy:
        raise BackupError(
            "les clés iraient au même endroit que les données qu'elles ouvrent",
            "Donner à backup_keys_copy une autre adresse que backup_copy.",
        )
    count = 0
    for of_keys, shelf in ((False, shelf_of(settings)), (True, shelf_for(settings, Kind.KEYS))):
        copies = copies_of(settings, of_keys=of_keys)
        if copies:
            with copies:
                count += _copy_shelf(copies, shelf, clock, progress)
    return count


def _copy_shelf(copies: Copies, shelf: Shelf, clock: Clock, progress: Callable[[str], None]) -> int:
    there = set(copies.names(""))
    count = 0
    for backup in backups_of(shelf):
        if f"{backup.id}/backup.json" in there:
            continue
        progress(f"copie de {backup.id}")
        folder = shelf.folder(backup.id)
        for path in sorted(files_below(folder), key=lambda p: p.name == "backup.json"):
            # The description goes last: without it the copy does not count.
            copies.put(path, f"{backup.id}/{path.relative_to(folder).as_posix()}")
            count += 1
        note(shelf, clock.now(), "copied", backup.id, to=shown(copies.url))
    for path in sorted(shelf.archive.glob(f"*{SUFFIX}")) if shelf.archive else ():
        if f"wal/{path.name}" not in there:
            copies.put(path, f"wal/{path.name}")
            count += 1
    return count


def held_there(copies: Copies) -> Iterator[str]:
    """Yield the names of the backups that the second place has whole."""
    for name in copies.names(""):
        if name.endswith("/backup.json"):
            yield name.split("/")[0]
