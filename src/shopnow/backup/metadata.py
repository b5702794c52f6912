"""The metadata backup: structure, roles without passwords, declarations, state of the loads.

What is needed to build an empty warehouse anew, or to see what one was.  Nothing in it opens
anything: no password, no verifier, no key.
"""

from __future__ import annotations

import json
import tarfile
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from shopnow.backup.errors import full_disk_told
from shopnow.backup.store import SQL
from shopnow.backup.tools import BACKUP_ROLE, Programs
from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.kernel import Settings

ARCHIVE: Final = "metadata.tar.gz"
_SECRET_SETTINGS: Final = ("dsn",)
_STATES: Final = ("published", "deliveries", "streams", "migrations")


def back_up(settings: Settings, folder: Path, progress: Callable[[str], None]) -> dict[str, Any]:
    """Write one archive into `folder`; return how many files it holds.

    Raises DiskFullError, or BackupError with what pg_dump says.
    """
    role = BACKUP_ROLE if settings.embedded else None
    work = folder / "metadata"
    work.mkdir(mode=0o700)
    with full_disk_told("les métadonnées"):
        programs = Programs(settings, gently=True)
        progress("structure et rôles")
        programs.run(
            "pg_dump",
            "--schema-only",
            "--no-password",
            f"--file={work / 'schema.sql'}",
            writing="les métadonnées",
            connects=True,
            role=role,
        )
        programs.run(
            "pg_dumpall",
            "--roles-only",
            "--no-role-passwords",
            "--no-password",
            f"--file={work / 'roles.sql'}",
            writing="les métadonnées",
            connects=True,
            role=role,
        )
        _write_state(settings, work, role)
        count = _pack(settings, work, folder / ARCHIVE)
    return {"files": count}


def folders_of(settings: Settings) -> dict[str, Path]:
    """Return the folders of declarations, by their name in the archive."""
    return {
        "contracts": settings.contracts_dir,
        "sources": settings.sources_dir,
        "marts": settings.marts_dir,
        "migrations": settings.migrations_dir,
    }


def _write_state(settings: Settings, work: Path, role: str | None) -> None:
    state: dict[str, Any] = {}
    with connect(settings, role, application_name="shopnow backup") as conn:
        for name in _STATES:
            state[name] = [row for (row,) in conn.execute(SQL[f"state_{name}"])]
    values = {f.name: getattr(settings, f.name) for f in fields(settings)}
    shown = {name: as_kept(value) for name, value in values.items() if name not in _SECRET_SETTINGS}
    for name, content in (("state", state), ("settings", shown)):
        text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
        (work / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def as_kept(value: object) -> object:
    """Return a setting as kept: of a URL, nothing before an @, where a password may stand."""
    if isinstance(value, str) and "://" in value:
        scheme, _, rest = value.partition("://")
        return f"{scheme}://{rest.rpartition('@')[2]}"
    return str(value) if isinstance(value, Path) else value


def _pack(settings: Settings, work: Path, target: Path) -> int:
    with tarfile.open(target, "w:gz", compresslevel=6) as archive:
        for path in sorted(work.iterdir()):
            archive.add(path, path.name)
            path.unlink()
        for name, folder in folders_of(settings).items():
            if folder.is_dir():
                archive.add(folder, name)
        count = sum(1 for member in archive.getmembers() if member.isfile())
    work.rmdir()
    return count
