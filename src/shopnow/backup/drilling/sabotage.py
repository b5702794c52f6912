"""Spoiling copies of what a restore needs, one way at a time; the originals are never touched."""

from __future__ import annotations

import gzip
import os
import resource
import shutil
import tarfile
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from shopnow.backup.archive import SUFFIX, segments_in
from shopnow.backup.catalogue import described
from shopnow.backup.copies import Copies
from shopnow.backup.drilling.model import Sabotage
from shopnow.backup.errors import BackupError
from shopnow.backup.files import MIB, digest, private_folder, write_json
from shopnow.backup.model import BackupFile
from shopnow.backup.physical import BASE
from shopnow.backup.places import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from shopnow.backup.model import Backup

# The head of a page says where its log ends; in the middle stand rows.
_PAGE: Final = 8192
_FILE_LIMIT: Final = 4 * MIB


def spoiled(shelf: Shelf, chain: Sequence[Backup], how: Sabotage, folder: Path) -> Shelf:
    """Return a shelf like `shelf` with the chain in `folder`, spoiled.

    Raises BackupError when there is nothing to spoil that way (no incremental in the chain).
    """
    private_folder(folder)
    archive = folder / "wal"
    copy = Shelf(folder, folder, archive)
    for backup in chain:
        shutil.copytree(shelf.folder(backup.id), copy.folder(backup.id), copy_function=_linked)
    archive.mkdir()
    archive.chmod(0o755)
    for path in shelf.archive.iterdir() if shelf.archive else ():
        if path.suffix == SUFFIX:
            _linked(str(path), str(archive / path.name))
    shutil.copyfile(shelf.catalogue, copy.catalogue)
    if how is Sabotage.FLIPPED_BYTE:
        _flip(copy.folder(chain[0].id) / BASE)
    elif how is Sabotage.FLIPPED_PAGE:
        _flip_page(copy, chain[0])
    elif how is Sabotage.MISSING_WAL:
        _drop_segment(copy, chain[-1])
    elif how is Sabotage.MISSING_INCREMENTAL:
        _drop_incremental(copy, chain)
    return copy


@contextmanager
def small_disk() -> Iterator[None]:
    """Let no file of this process grow beyond a few megabytes, as on a disk that fills up."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_LIMIT, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def open_with_wrong_key(shelf: Shelf, chain: Sequence[Backup], key: bytes, folder: Path) -> None:
    """Seal a copy of the chain's head and open it with another key: must raise."""
    place = Copies(f"file://{folder / 'elsewhere'}", key, folder / "sealing")
    backup = chain[0]
    name = f"{backup.id}/backup.json"
    place.put(shelf.folder(backup.id) / "backup.json", name)
    replace(place, key=os.urandom(len(key))).get(name, folder / "opened")


def _linked(source: str, target: str) -> str:
    """Link rather than copy: what is spoiled is written anew, so originals stay."""
    os.link(source, target)
    return target


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.unlink()
    path.write_bytes(content)


def _flip_page(shelf: Shelf, backup: Backup) -> None:
    """Change a byte of a table inside the archive and mend its digest, as a liar would."""
    folder = shelf.folder(backup.id)
    old, new = folder / BASE, folder / f"{BASE}.new"
    done = False
    with (
        gzip.open(old, "rb") as source,
        tarfile.open(fileobj=source, mode="r|") as tar,
        gzip.open(new, "wb", compresslevel=1) as target,
        tarfile.open(fileobj=target, mode="w|") as out,
    ):
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content and not done and member.name.startswith("base/") and member.size >= _PAGE:
                spoilt = bytearray(content.read())
                spoilt[_PAGE // 2] ^= 0x01
                (folder / "page").write_bytes(spoilt)
                with (folder / "page").open("rb") as stream:
                    out.addfile(member, stream)
                (folder / "page").unlink()
                done = True
            else:
                out.addfile(member, content)
    old.unlink()
    new.rename(old)
    mended = BackupFile(BASE, old.stat().st_size, digest(old))
    files = tuple(mended if file.name == BASE else file for file in backup.files)
    (folder / "backup.json").unlink()
    write_json(folder / "backup.json", described(replace(backup, files=files)))


def _drop_segment(shelf: Shelf, newest: Backup) -> None:
    archive = shelf.archive
    start = str(newest.details.get("segment") or newest.start_segment)
    after = [n for n in segments_in(archive) if n[8:] > start[8:]] if archive else []
    if archive is None or not after:
        raise BackupError("aucun journal après la sauvegarde : rien à retirer")
    (archive / f"{after[0]}{SUFFIX}").unlink()


def _drop_incremental(shelf: Shelf, chain: Sequence[Backup]) -> None:
    minimum = 2
    if len(chain) < minimum:
        raise BackupError("la chaîne n'a pas d'incrémentale : en faire une, puis recommencer")
    shutil.rmtree(shelf.folder(chain[-1 if len(chain) == minimum else -2].id))
