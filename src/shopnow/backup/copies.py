"""The second copy: every finished backup and segment at another place, sealed before it leaves.

Any URL that fsspec knows (`az://`, `sftp://`, `file://`, …).  What leaves the machine is encrypted
with the backup key, which stays in the home and on the medium it was exported to.  A copy is
never written over, so that a store which keeps files from change can be told to.
"""

from __future__ import annotations

import json
import os
import posixpath
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import fsspec

from shopnow.backup.archive import SUFFIX
from shopnow.backup.catalogue import backups_of, described_in, expected, finish, note
from shopnow.backup.errors import BackupBrokenError, BackupError, full_disk_told
from shopnow.backup.files import files_below, private_folder
from shopnow.backup.model import Kind
from shopnow.backup.places import shelf_of
from shopnow.backup.running import shelf_for
from shopnow.kernel import Home, ShopnowError, write_private
from shopnow.kernel.server import chosen_place
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
    """A second place, below one URL."""

    url: str
    key: bytes = field(repr=False)
    work: Path
    # What the store wants to know (account, key), from a file of the home's secrets.
    options: dict[str, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def _store(self) -> tuple[AbstractFileSystem, str]:
        try:
            store, base = fsspec.core.url_to_fs(self.url, **self.options)
        except (ImportError, ValueError) as error:
            raise BackupError(
                f"la seconde copie ({_shown(self.url)}) n'est pas accessible : {error}",
                "Installer le pilote de ce stockage, ou corriger le réglage backup_copy.",
            ) from error
        return store, base

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
                f"la seconde copie ({_shown(self._url)}) ne répond pas : {type(error).__name__}",
                "Les sauvegardes locales sont faites ; la copie reprend à la prochaine occasion.",
            ) from error


def copies_of(settings: Settings) -> Copies | None:
    """Return the second place of these settings, or None."""
    return copies_at(settings, settings.backup_copy) if settings.backup_copy else None


def copies_at(settings: Settings, url: str) -> Copies:
    """Return a place by URL; its options stand in `secrets/backup_copy.json`, if it needs any."""
    path = settings.home / "secrets" / "backup_copy.json"
    options = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return Copies(url, backup_key(settings), shelf_of(settings).root / ".copying", options)


def backup_key(settings: Settings) -> bytes:
    """Return the key of all that leaves the machine; the first call draws it."""
    path = settings.home / "secrets" / "backup.key"
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
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
    if settings.backup_copy:
        shelf = shelf_of(settings)
        count += _copy_shelf(copies_at(settings, settings.backup_copy), shelf, clock, progress)
    if settings.backup_keys_copy:
        shelf = shelf_for(settings, Kind.KEYS)
        count += _copy_shelf(copies_at(settings, settings.backup_keys_copy), shelf, clock, progress)
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
        note(shelf, clock.now(), "copied", backup.id, to=_shown(copies.url))
    for path in sorted(shelf.archive.glob(f"*{SUFFIX}")) if shelf.archive else ():
        if f"wal/{path.name}" not in there:
            copies.put(path, f"wal/{path.name}")
            count += 1
    return count


def fetch(
    settings: Settings, clock: Clock, copies: Copies, progress: Callable[[str], None]
) -> list[str]:
    """Bring back from the second place what the shelf lacks; return the names of the backups.

    Log segments come to the archive of the home.  Raises BackupBrokenError when the key of the
    home is not theirs.
    """
    if settings.embedded:
        Home(settings.home).prepare()
        chosen_place(Home(settings.home)).prepare()
    shelf = shelf_of(settings)
    private_folder(shelf.root)
    brought = []
    names = copies.names("")
    have = set(expected(shelf))
    for identifier in sorted({n.split("/")[0] for n in names if n.endswith("/backup.json")}):
        if identifier in have and shelf.folder(identifier).is_dir():
            continue
        progress(f"rapatriement de {identifier}")
        _fetch_one(copies, shelf, clock, identifier, names)
        brought.append(identifier)
    if shelf.archive:
        for name in names:
            path = shelf.archive / name.removeprefix("wal/")
            if name.startswith("wal/") and not path.exists():
                copies.get(name, path)
                path.chmod(0o644)
    return brought


def _fetch_one(
    copies: Copies, shelf: Shelf, clock: Clock, identifier: str, names: list[str]
) -> None:
    folder = private_folder(shelf.unfinished(identifier))
    for name in names:
        if name.startswith(f"{identifier}/"):
            copies.get(name, folder / name.removeprefix(f"{identifier}/"))
    finish(shelf, described_in(folder), clock.now())


def held_there(copies: Copies) -> Iterator[str]:
    """Yield the names of the backups that the second place has whole."""
    for name in copies.names(""):
        if name.endswith("/backup.json"):
            yield name.split("/")[0]


def _shown(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if rest else url
