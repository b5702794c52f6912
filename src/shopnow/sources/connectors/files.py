"""Files in a folder, an SFTP drop or a store of objects, by one interface (fsspec).

Protects against files that are still being written (they must have settled, and not change while
they are read), against links that lead out of the folder, and against a server that is not the
one we know.
"""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Self, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import fsspec
from fsspec.implementations.local import LocalFileSystem

from shopnow.sources.connectors.model import PullBrokenError, PullRefusedError
from shopnow.sources.connectors.sftp import TROUBLES, sftp_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType
    from typing import BinaryIO

    from fsspec import AbstractFileSystem

    from shopnow.sources.connectors.model import FilesConnector
    from shopnow.sources.connectors.secrets import Secrets

_TIMES: Final = ("mtime", "LastModified", "last_modified", "updated", "created")
_TAGS: Final = ("ETag", "etag", "md5Hash", "content_md5")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file found: its name, its size in bytes, and what tells its versions apart."""

    name: str
    path: str
    size: int
    version: str
    modified_at: datetime | None

    @property
    def identity(self) -> tuple[str, int, str]:
        """What makes it another file than the one taken before."""
        return self.name, self.size, self.version


class Store:
    """The files below one URL; use it in a `with`."""

    def __init__(self, connector: FilesConnector, secrets: Secrets) -> None:
        """Connect; raises PullError when the store cannot be reached, or its driver is missing."""
        self.connector = connector
        self.where = connector.url
        options: dict[str, Any] = dict(connector.options)
        options |= {key: secrets.read(name) for key, name in connector.secret_options}
        if connector.protocol in ("sftp", "ssh"):
            options |= sftp_options(connector, secrets)
        with self._troubles():
            self._fs, self._root = self._opened(options)

    def _opened(self, options: dict[str, Any]) -> tuple[AbstractFileSystem, str]:
        url = self.connector.url
        protocol = self.connector.protocol
        if protocol in ("sftp", "ssh"):
            root = urlsplit(url).path or "/"
            return fsspec.filesystem("sftp", skip_instance_cache=True, **options), root
        try:
            fs, root = fsspec.core.url_to_fs(
                url, skip_instance_cache=True, use_listings_cache=False, **options
            )
        except (ImportError, ValueError) as error:
            raise PullRefusedError(
                f"{url} : aucun pilote pour « {protocol}:// » ({error})",
                "Installez le pilote fsspec de ce stockage (s3fs, adlfs, gcsfs, …) à côté de"
                " shopnow, ou corrigez `url:`.",
            ) from None
        return fs, root.rstrip("/") or "/"

    def listed(self, patterns: Sequence[str], now: datetime) -> tuple[list[RemoteFile], int]:
        """Files of these names, oldest first, and how many are not settled yet.

        Links, hidden files and folders are nobody's.
        """
        with self._troubles():
            self._fs.invalidate_cache()
            entries = self._fs.ls(self._root, detail=True)
        found = [file for entry in entries if (file := _as_file(entry, patterns))]
        # A store that keeps whole objects only needs no patience.
        settled = [file for file in found if self._is_settled(file, now)]
        settled.sort(
            key=lambda file: (file.modified_at or datetime.min.replace(tzinfo=UTC), file.name)
        )
        return settled, len(found) - len(settled)

    def _is_settled(self, file: RemoteFile, now: datetime) -> bool:
        if file.modified_at is None:
            return True
        return now - file.modified_at >= self.connector.settle

    @contextlib.contextmanager
    def opened(self, file: RemoteFile) -> Iterator[BinaryIO]:
        """Give the bytes of a file.

        Raises PullBrokenError when it is cut, or changed since it was listed: then nothing of it
        may be kept.
        """
        with self._troubles(), self._open(file) as stream:
            yield cast("BinaryIO", _Whole(stream, file, self))

    def _open(self, file: RemoteFile) -> Any:  # noqa: ANN401 — a file of any driver
        if isinstance(self._fs, LocalFileSystem):
            # Between the listing and now somebody may have put a link there.
            descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW)
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                raise FileNotFoundError(file.name)
            return os.fdopen(descriptor, "rb")
        return self._fs.open(file.path, "rb")

    def time_of(self, file: RemoteFile, zone: str) -> datetime | None:
        """The time that a file's name says, as the source declares it; None where it says none."""
        if self.connector.time_in_name is None:
            return None
        try:
            at = datetime.strptime(file.name, self.connector.time_in_name)  # noqa: DTZ007
        except ValueError:
            return None
        return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))

    def check_unchanged(self, file: RemoteFile, read: int) -> None:
        """Raise PullBrokenError unless the file is still the one listed, and `read` all of it."""
        with self._troubles():
            self._fs.invalidate_cache()
            now = _as_file(self._fs.info(file.path), ["*"])
        if read != file.size or now is None or (now.size, now.version) != (file.size, file.version):
            raise PullBrokenError(
                f"{self.where} : {file.name} a changé pendant la lecture"
                f" ({file.size} octets annoncés, {read} lus)",
                "Rien n'est pris de ce fichier ; il le sera au prochain appel. Augmentez `settle:`"
                " si l'expéditeur écrit lentement.",
            )

    def put_away(self, file: RemoteFile) -> None:
        """What the source says becomes of a file that was taken; nothing when it is gone."""
        with self._troubles():
            if self.connector.after == "keep" or not self._fs.exists(file.path):
                return
            if self.connector.after == "delete":
                self._fs.rm_file(file.path)
                return
            folder = f"{self._root.rstrip('/')}/{self.connector.taken}"
            self._fs.makedirs(folder, exist_ok=True)
            target = f"{folder}/{file.name}"
            if self._fs.exists(target):
                mark = f"{file.modified_at:%Y%m%dT%H%M%S}" if file.modified_at else str(file.size)
                target = f"{folder}/{mark}-{file.name}"
            self._fs.mv(file.path, target)

    def write(self, name: str, content: BinaryIO) -> str:
        """Write a file whole or not at all under its name; returns its path."""
        folder = self._root.rstrip("/")
        target, fresh = f"{folder}/{name}", f"{folder}/.{name}.part"
        with self._troubles():
            self._fs.makedirs(self._root, exist_ok=True)
            with self._fs.open(fresh, "wb") as stream:
                while block := content.read(1 << 20):
                    stream.write(block)
            if self._fs.exists(target):
                self._fs.rm_file(target)
            self._fs.mv(fresh, target)
        return target

    @contextlib.contextmanager
    def _troubles(self) -> Iterator[None]:
        """Whatever a driver raises becomes one of ours, in words for who runs the warehouse."""
        try:
            yield
        except (PullBrokenError, PullRefusedError):
            raise
        except FileNotFoundError:
            raise PullRefusedError(
                f"{self.where} : dossier ou fichier introuvable",
                "Vérifiez `url:` ; le dossier doit exister chez l'expéditeur.",
            ) from None
        except PermissionError:
            raise PullRefusedError(
                f"{self.where} : accès refusé", "Donnez à ce compte le droit de lire ce dossier."
            ) from None
        except TROUBLES as error:
            raise PullBrokenError(
                f"{self.where} : {type(error).__name__}, la connexion est coupée ou refusée",
                "Rien n'est pris ; le prochain appel reprend au même endroit.",
            ) from None

    def __enter__(self) -> Self:
        """Use in a `with`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection, where there is one."""
        client = getattr(self._fs, "client", None)
        if client is not None:
            client.close()


class _Whole:
    """Reads a file and refuses its end when it is not the file that was listed."""

    def __init__(self, stream: BinaryIO, file: RemoteFile, store: Store) -> None:
        self._stream = stream
        self._file = file
        self._store = store
        self._given = 0
        self._checked = False

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self._given += len(block)
        if not block and size and not self._checked:
            self._store.check_unchanged(self._file, self._given)
            self._checked = True
        return block


def _as_file(entry: dict[str, Any], patterns: Sequence[str]) -> RemoteFile | None:
    path = str(entry["name"])
    name = path.rstrip("/").rsplit("/", 1)[-1]
    if entry.get("type") != "file" or entry.get("islink") or name.startswith("."):
        return None
    if not name.isprintable() or not any(fnmatchcase(name, one) for one in patterns):
        return None
    at = next((moment for key in _TIMES if (moment := _moment(entry.get(key)))), None)
    tag = next((str(entry[key]) for key in _TAGS if entry.get(key)), "")
    version = tag or (at.isoformat() if at else "")
    # An object appears whole: no time to settle is asked of what has a tag.
    return RemoteFile(name, path, int(entry.get("size") or 0), version, None if tag else at)


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(value)
    return None
