"""Files of backups: flushed, counted, named only when whole."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from typing import TYPE_CHECKING, Any, Final

from shopnow.backup.errors import DiskFullError
from shopnow.backup.model import BackupFile
from shopnow.kernel import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PIECE: Final = 1024 * 1024
MIB: Final = 1024 * 1024


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def unpack_within(archive: tarfile.TarFile, rules: str) -> None:
    """Let nothing of an archive be written outside the folder that it is unpacked into.

    `rules`: "tar" or "data", those of PEP 706.  Python before 3.11.4 has none: there the archive's
    own checksum, taken when we wrote it and compared before it is opened, is all there is.
    """
    known = getattr(tarfile, f"{rules}_filter", None)
    if known is not None:
        archive.extraction_filter = known


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of its folders, sorted."""
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def described(folder: Path) -> tuple[BackupFile, ...]:
    """Return name, size and digest of every file below a folder."""
    return tuple(
        BackupFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest(path))
        for path in files_below(folder)
    )


def flush_folder(folder: Path) -> None:
    """Make the disk hold every file of a folder, and their names."""
    for path in files_below(folder):
        _flush(path)
    for path in [folder, *(p for p in folder.rglob("*") if p.is_dir())]:
        _flush(path)


def flush_name(folder: Path) -> None:
    """Make the disk hold the names in a folder."""
    _flush(folder)


def private_folder(folder: Path) -> Path:
    """Make a folder that only we enter, unless it exists."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write an object as JSON, whole or not at all, readable by us alone."""
    write_private(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    _flush(path)


def need_space(folder: Path, wanted: int, what: str) -> None:
    """Raise DiskFullError when the disk of `folder` has less than `wanted` bytes left."""
    free = shutil.disk_usage(existing(folder)).free
    if free < wanted:
        raise DiskFullError(
            f"place insuffisante pour {what} : {wanted // MIB} Mo nécessaires, "
            f"{free // MIB} Mo libres dans {folder}",
            "Rien n'a été commencé. Libérer de la place (`shopnow backup prune`), ou choisir un "
            "autre dossier (réglage backup_dir).",
        )


def existing(folder: Path) -> Path:
    """Return the nearest folder above that exists."""
    return next(path for path in (folder, *folder.parents) if path.is_dir())


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
