"""From the archives of a chain to a data folder, checked at every step."""

from __future__ import annotations

import gzip
import os
import shutil
import tarfile
import zlib
from typing import TYPE_CHECKING, Final

from shopnow.backup.errors import BackupBrokenError, full_disk_told
from shopnow.backup.files import digest, need_space, unpack_within
from shopnow.backup.physical import BASE, MANIFEST, WAL
from shopnow.backup.tools import Programs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from shopnow.backup.model import Backup
    from shopnow.backup.restoring.side import Side
    from shopnow.backup.restoring.watch import Watch
    from shopnow.kernel.server import Place

# Large pieces: tarfile's own of ten kilobytes take a third longer.
_PIECE: Final = 1 << 20


def check_files(backup: Backup, folder: Path) -> None:
    """Compare the files of a backup with its description; raises BackupBrokenError."""
    for file in backup.files:
        path = folder / file.name
        if not path.is_file():
            raise _broken(backup, f"le fichier {file.name} manque")
        if path.stat().st_size != file.size:
            raise _broken(backup, f"le fichier {file.name} n'a pas sa taille")
        if digest(path) != file.sha256:
            raise _broken(backup, f"le fichier {file.name} est altéré (empreinte différente)")


def unpack_chain(side: Side, chain: Sequence[tuple[Backup, Path]], watch: Watch) -> None:
    """Make the data folder of `side` from a chain of backups, each with its folder.

    Raises BackupBrokenError when anything differs from what was backed up, DiskFullError.
    """
    need_space(side.folder, 2 * (chain[-1][0].database_bytes or 0), "la restauration")
    watch.timed("contrôle", lambda: _check(chain, watch.progress))
    parts = watch.timed("extraction", lambda: _extracted(side, chain, watch.progress))
    programs = Programs(side.live)
    # Before they are combined: what is put together of two gets a new, right checksum.
    watch.timed("vérification", lambda: _verify(programs, parts))
    watch.timed("assemblage", lambda: _combine(side, programs, parts))
    own_all(side.place, side.data)
    shutil.rmtree(side.parts)


def _check(chain: Sequence[tuple[Backup, Path]], progress: Callable[[str], None]) -> None:
    for backup, folder in chain:
        progress(f"contrôle de {backup.id}")
        check_files(backup, folder)


def _extracted(
    side: Side, chain: Sequence[tuple[Backup, Path]], progress: Callable[[str], None]
) -> list[Path]:
    parts = []
    for number, (backup, folder) in enumerate(chain):
        progress(f"extraction de {backup.id}")
        part = side.parts / f"{number}"
        part.mkdir(mode=0o700, parents=True)
        with full_disk_told("la restauration"):
            _extract(backup, folder / BASE, part)
            shutil.copyfile(folder / MANIFEST, part / MANIFEST)
            if backup is chain[-1][0]:
                _extract(backup, folder / WAL, part / "pg_wal")
        parts.append(part)
    return parts


def own_all(place: Place, folder: Path) -> None:
    """Give a folder and everything below it to the account of the server."""
    place.account.own(folder)
    for here, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if place.account.switch:
                os.chown(
                    os.path.join(here, name),  # noqa: PTH118  # thousands of files
                    place.account.uid,
                    place.account.gid,
                    follow_symlinks=False,
                )


def _extract(backup: Backup, archive: Path, target: Path) -> None:
    try:
        # Not tarfile's own gzip stream: it takes the log's archive, which PostgreSQL writes in
        # several blocks, for an empty one.
        with (
            gzip.open(archive, "rb") as content,
            tarfile.open(fileobj=content, mode="r|", bufsize=_PIECE) as tar,
        ):
            tar.copybufsize = _PIECE  # type: ignore[attr-defined]  # typeshed lacks it
            unpack_within(tar, "tar")
            tar.extractall(target)  # noqa: S202  # within it, by the line above
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise _broken(backup, f"l'archive {archive.name} ne se lit pas") from error


def _verify(programs: Programs, parts: Sequence[Path]) -> None:
    for part in parts:
        programs.run("pg_verifybackup", "--quiet", "--no-parse-wal", part, writing="le contrôle")


def _combine(side: Side, programs: Programs, parts: Sequence[Path]) -> None:
    if len(parts) == 1:
        parts[0].rename(side.data)
    else:
        programs.run(
            "pg_combinebackup",
            *parts,
            f"--output={side.data}",
            "--link",
            # The server writes it to the disk, all at once, before it replays the log.
            "--no-sync",
            writing="la restauration",
        )
    # Every byte was compared above: now that nothing lacks, and that the log it needs is whole.
    programs.run(
        "pg_verifybackup", "--quiet", "--skip-checksums", side.data, writing="la vérification"
    )


def _broken(backup: Backup, what: str) -> BackupBrokenError:
    return BackupBrokenError(
        f"la sauvegarde {backup.id} est endommagée : {what}",
        "Prendre la seconde copie (`shopnow backup fetch`) ou une chaîne plus ancienne.",
    )
