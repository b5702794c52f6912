"""The one file inside a zip, decompressed on the fly; what its directory says is not believed."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from shopnow.sources.readers import refusals

if TYPE_CHECKING:
    from typing import BinaryIO

    from shopnow.sources.readers.model import Limits, UnreadableFile

ZIP_MAGICS: Final = (b"PK\x03\x04", b"PK\x05\x06")
MOST_ENTRIES: Final = 10_000
ENCRYPTED: Final = 0x1
WORKBOOK: Final = "xl/workbook.xml"
# What zipfile raises of an archive that is damaged or of a kind that it does not read.
DAMAGED: Final = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
    LookupError, OverflowError, struct.error, zlib.error, lzma.LZMAError,
)  # fmt: skip
_NESTED: Final = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz")
_HIDDEN: Final = ("__MACOSX/", ".")


class ZipSource:
    """The bytes of the archive's one file, at most one block at a time."""

    def __init__(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> None:
        """Open `entry`; raises UnreadableFile when it cannot be."""
        self._limits = limits
        self._taken = max(entry.compress_size, 1)
        self._claimed = entry.file_size
        self._given = 0
        try:
            self._file = archive.open(entry)
        except DAMAGED as broken:
            raise refusals.corrupt_file("ZIP", "son contenu ne s'ouvre pas") from broken

    def read(self, size: int) -> bytes:
        """Return 1 to `size` bytes, or none at the end.

        Raises UnreadableFile: cut_in_the_middle, corrupt_file or decompression_bomb.
        """
        try:
            block = self._file.read(size)
        except EOFError as cut:
            raise refusals.corrupt_file("ZIP", "il est coupé") from cut
        except DAMAGED as broken:
            raise refusals.corrupt_file("ZIP", "sa somme de contrôle est fausse") from broken
        self._given += len(block)
        limits = self._limits
        if limits.max_output_bytes is not None and self._given > limits.max_output_bytes:
            raise self._bomb(f"{limits.max_output_bytes:_} octets")
        if self._given > limits.ratio_from_bytes:
            self._claimed = self._given
            self.refuse_if_swollen()
        return block

    def refuse_if_swollen(self) -> None:
        """Raise decompression_bomb when the ratio is over the limit, whatever the size."""
        # What the directory claims may lie, but not in the sender's favour.
        if max(self._given, self._claimed) > self._limits.max_ratio * self._taken:
            raise self._bomb(f"rapport {self._limits.max_ratio}")

    def _bomb(self, limit: str) -> UnreadableFile:
        return refusals.decompression_bomb(self._taken, self._given, limit, "ZIP")


def open_archive(stream: BinaryIO, head: bytes) -> zipfile.ZipFile:
    """Open the zip whose first bytes `head` were already taken from `stream`.

    Raises UnreadableFile: corrupt_file or unfit_archive.
    """
    whole = stream if stream.seekable() else io.BytesIO(head + stream.read())
    try:
        archive = zipfile.ZipFile(whole)
    except DAMAGED as broken:
        found = "son répertoire est illisible (envoi incomplet ?)"
        raise refusals.corrupt_file("ZIP ou XLSX", found) from broken
    if len(archive.infolist()) > MOST_ENTRIES:
        raise refusals.unfit_archive(f"{len(archive.infolist())} fichiers ont été trouvés")
    return archive


def is_workbook(archive: zipfile.ZipFile) -> bool:
    """Tell whether the zip is an XLSX workbook."""
    return WORKBOOK in archive.namelist()


def one_file(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """Return the archive's only file; raises UnreadableFile: unfit_archive."""
    entries = [
        entry
        for entry in archive.infolist()
        if not entry.is_dir()
        and not entry.filename.startswith(_HIDDEN[0])
        and not PurePosixPath(entry.filename).name.startswith(_HIDDEN[1])
    ]
    if len(entries) != 1:
        raise refusals.unfit_archive(f"{len(entries)} fichiers ont été trouvés")
    [entry] = entries
    if entry.flag_bits & ENCRYPTED:
        raise refusals.unfit_archive("le fichier est protégé par un mot de passe")
    place = PurePosixPath(entry.filename.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or ":" in place.parts[0]:
        raise refusals.unfit_archive("le nom du fichier sort de l'archive")
    if place.suffix.lower() in _NESTED:
        raise refusals.unfit_archive("le fichier est lui-même une archive")
    return entry
