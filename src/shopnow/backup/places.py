"""Where backups stand: one root for data, another for what opens them, never the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.backup.errors import BackupError
from shopnow.kernel.server import place_of

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings


@dataclass(frozen=True)
class Shelf:
    """The folders of the backups of one warehouse."""

    root: Path
    # Key store, ledgers and seals: a folder of their own.
    keys: Path
    # Finished WAL segments; None where the server is not ours.
    archive: Path | None

    @property
    def catalogue(self) -> Path:
        """What was begun, made, copied, removed: one JSON object a line, only ever longer."""
        return self.root / "catalogue.jsonl"

    @property
    def drills(self) -> Path:
        """Results of drills."""
        return self.root / "drills"

    @property
    def lock(self) -> Path:
        """Held by whoever writes here."""
        return self.root / ".lock"

    def folder(self, identifier: str) -> Path:
        """Return the folder of a finished backup."""
        return self.root / identifier

    def unfinished(self, identifier: str) -> Path:
        """Return the folder of a backup under way: its name is that of no backup."""
        return self.root / f".{identifier}.partial"


def shelf_of(settings: Settings) -> Shelf:
    """Return the folders of these settings.

    Raises BackupError when keys would stand beside the data that they open.
    """
    root = (settings.backup_dir or settings.home / "backups").absolute()
    beside = settings.home.with_name(f"{settings.home.name}-keys")
    keys = (settings.backup_keys_dir or beside).absolute()
    if keys == root or root in keys.parents or keys in root.parents:
        raise BackupError(
            f"les clés seraient sauvegardées à côté des données qu'elles ouvrent ({keys})",
            "Régler backup_keys_dir sur un autre support que backup_dir.",
        )
    place = place_of(settings) if settings.embedded else None
    return Shelf(root, keys, place.archive if place else None)
