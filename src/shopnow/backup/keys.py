"""The backup of what opens and proves: key store, ledgers, seals, by a rule of its own.

Protects two rules: keys never stand beside the data they open, and no backup of them is older
than thirty days, so that a person erased a month ago cannot be read from any backup.  The master
key is not in it: it is exported once, to a medium that people keep.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from shopnow.backup.errors import BackupError, full_disk_told
from shopnow.backup.files import files_below
from shopnow.kernel import Home

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

STORE: Final = "keystore.sqlite"
FOLDERS: Final = ("ledgers", "seals")


def back_up(settings: Settings, folder: Path) -> dict[str, Any]:
    """Copy key store, ledgers and seals into `folder`; return how many files.

    The key store is copied as one transaction, while it is in use.  Raises DiskFullError.
    """
    with full_disk_told("la sauvegarde des clés"):
        store = Home(settings.home).keystore
        if store.is_file():
            copy_store(store, folder / STORE)
        for name in FOLDERS:
            if (settings.home / name).is_dir():
                shutil.copytree(settings.home / name, folder / name)
        for path in files_below(folder):
            path.chmod(0o600)
    return {"files": sum(1 for _ in files_below(folder))}


def copy_store(source: Path, target: Path) -> None:
    """Copy a SQLite file as of one moment, whoever writes to it."""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60)) as origin,
        closing(sqlite3.connect(target)) as copy,
    ):
        origin.backup(copy)
        damaged = copy.execute("PRAGMA integrity_check").fetchone() != ("ok",)
    target.chmod(0o600)
    if damaged:
        raise BackupError(f"le magasin de clés {source} est endommagé", "Restaurer le précédent.")


def restore(settings: Settings, folder: Path, *, apply: bool) -> list[str]:
    """Return what a backup of keys would put back where nothing is; do it with `apply`.

    What is there stays: an older key store would bring back erased persons, an older ledger
    would forget revocations.
    """
    home = Home(settings.home)
    pairs = [(folder / STORE, home.keystore)]
    for name in FOLDERS:
        here = folder / name
        pairs += [(p, settings.home / name / p.relative_to(here)) for p in files_below(here)]
    missing = [(a, b) for a, b in pairs if a.is_file() and not b.exists()]
    for source, target in missing if apply else ():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o600)
    return [str(target.relative_to(settings.home)) for _, target in missing]
