"""The landing folder: the bytes of each delivery as received, sealed, under names that say nothing.

Protects the rule that nothing readable of a delivery stays on the disk: a file is sealed while it
is read, takes its name when it is whole, and its key is in the key store alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final
from uuid import uuid4

from shopnow.kernel import Home, Sql
from shopnow.privacy import open_sealed, seal_stream

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from io import BufferedReader
    from pathlib import Path

    from psycopg import Connection

    from shopnow.kernel import Settings
    from shopnow.privacy import KeyStore

SQL: Final = Sql(__package__ or "")
SUFFIX: Final = ".sealed"


@dataclass(frozen=True)
class LandedFile:
    """A sealed file: SHA-256 (hexadecimal) and size in bytes are those of the readable content."""

    ref: str
    # The delivery key that opens it: its own, or that of the first file of its bundle.
    key_ref: str
    sha256: str
    size: int
    path: Path
    # Where it stands below the landing folder, as kept in staging.delivery_file.
    landing_path: str


@dataclass(frozen=True)
class Swept:
    """How many orphans were destroyed."""

    files: int
    keys: int


def land(
    settings: Settings,
    keystore: KeyStore,
    source: Path,
    received_on: date,
    key_ref: str | None = None,
) -> LandedFile:
    """Seal the file `source` into the landing folder of that day, in one pass over its bytes.

    Without `key_ref` the file gets a key of its own; files 2 and following of a bundle are given
    that of the first, so that a delivery has one key.  Raises OSError when the source cannot be
    read or the disk is full, MissingKeyError when there is no key `key_ref`.
    """
    with source.open("rb", buffering=0) as stream:
        return land_stream(settings, keystore, stream, received_on, key_ref)


def land_stream(
    settings: Settings,
    keystore: KeyStore,
    stream: BinaryIO,
    received_on: date,
    key_ref: str | None = None,
) -> LandedFile:
    """Seal what `stream` gives to its end; for the rest see `land`."""
    ref = uuid4().hex
    key = keystore.new_delivery_key(ref) if key_ref is None else keystore.delivery_key(key_ref)
    landing = Home(settings.home).landing
    path = landing / f"{received_on:%Y/%m/%d}" / f"{ref}{SUFFIX}"
    try:
        sealed = seal_stream(stream, path, key)
    except BaseException:
        if key_ref is None:
            keystore.drop_delivery_keys([ref])
        raise
    return LandedFile(
        ref=ref,
        key_ref=key_ref or ref,
        sha256=sealed.sha256,
        size=sealed.size,
        path=path,
        landing_path=path.relative_to(landing).as_posix(),
    )


def open_landed(
    settings: Settings,
    keystore: KeyStore,
    landing_path: str,
    key_ref: str | None = None,
) -> BufferedReader:
    """Return the readable content of a landed file, to read and to seek in.

    `key_ref` is that of its delivery, by default the file's own.  Raises MissingKeyError when the
    key was destroyed, SealBrokenError when the bytes are not those landed.
    """
    path = Home(settings.home).landing / landing_path
    return open_sealed(path, keystore.delivery_key(key_ref or path.stem))


def landed_bytes(settings: Settings, landing_path: str) -> int:
    """Return the bytes of a landed file as it lies, sealed and perhaps compressed; 0: gone."""
    try:
        return (Home(settings.home).landing / landing_path).stat().st_size
    except FileNotFoundError:
        return 0


def discard(keystore: KeyStore, landed: LandedFile) -> None:
    """Destroy a landed file that no delivery keeps, key first: a crash leaves nothing readable."""
    if landed.key_ref == landed.ref:
        keystore.drop_delivery_keys([landed.ref])
    landed.path.unlink(missing_ok=True)


def sweep_orphans(
    conn: Connection, settings: Settings, keystore: KeyStore, older_than: datetime
) -> Swept:
    """Destroy landed files and delivery keys that no row of staging.delivery_file knows.

    Left by a crash between landing and receipt.  What is younger than `older_than` stays: its
    delivery may be about to be received.
    """
    # Listed before the rows are read: what lands meanwhile is in neither list.
    keys = keystore.delivery_refs(older_than)
    paths = list(_files_before(Home(settings.home).landing, older_than))
    known = {ref for (ref,) in conn.execute(SQL["landing_refs"])}
    orphans = [path for path in paths if path.stem not in known or path.suffix != SUFFIX]
    dropped = keystore.drop_delivery_keys(ref for ref in keys if ref not in known)
    for path in orphans:
        path.unlink(missing_ok=True)
    return Swept(len(orphans), dropped)


def _files_before(landing: Path, older_than: datetime) -> Iterable[Path]:
    limit = older_than.timestamp()
    for path in landing.rglob("*"):
        try:
            if path.is_file() and path.stat().st_mtime < limit:
                yield path
        except FileNotFoundError:
            continue  # another process has just finished or discarded it
