"""What a backup is: its kind, its files, its place in a chain, and what it must give back.

Protects the rule that a restore starts from a whole chain: a full backup and every incremental
one up to the newest that is wanted, none missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from shopnow.backup.errors import BackupBrokenError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime


class Kind(StrEnum):
    """The kinds of backups; the WAL archive is continuous and has no catalogue line."""

    FULL = "full"
    INCREMENTAL = "incremental"
    PARTIAL = "partial"
    METADATA = "metadata"
    STAGING = "staging"
    KEYS = "keys"


PHYSICAL: Final = (Kind.FULL, Kind.INCREMENTAL)
KINDS_FR: Final = {
    Kind.FULL: "complète",
    Kind.INCREMENTAL: "incrémentale",
    Kind.PARTIAL: "partielle",
    Kind.METADATA: "métadonnées",
    Kind.STAGING: "fichiers reçus",
    Kind.KEYS: "clés et registres",
}


@dataclass(frozen=True, slots=True)
class BackupFile:
    """One file of a backup: its name below the folder, size in bytes, SHA-256 (hexadecimal)."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Extent:
    """What a table held: rows, and an order-independent checksum of all their columns."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked second: what the warehouse held when transaction `xid` committed.

    `exact`: no load was under way, so that a restore to `xid` must give these very extents.
    `structure`: one line a policy, grant, index, sequence, partition, constraint, function.
    """

    at: datetime
    xid: str
    lsn: str
    exact: bool
    tables: Mapping[str, Extent]
    structure: tuple[str, ...]
    migration: int


@dataclass(frozen=True, slots=True)
class Backup:
    """One finished backup, as its `backup.json` says."""

    id: str
    kind: Kind
    started_at: datetime
    ended_at: datetime
    files: tuple[BackupFile, ...]
    parent: str | None = None
    # Of the warehouse, when it was backed up; None where the kind has none.
    database_bytes: int | None = None
    server_version: str | None = None
    system_identifier: str | None = None
    timeline: int | None = None
    start_segment: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.ended_at - self.started_at).total_seconds()


def chain_of(backup: Backup, known: Iterable[Backup]) -> tuple[Backup, ...]:
    """Return the backups to combine for `backup`, the full one first.

    Raises BackupBrokenError when one of them is missing.
    """
    by_id = {other.id: other for other in known}
    chain = [backup]
    while chain[0].parent is not None:
        parent = by_id.get(chain[0].parent)
        if parent is None:
            raise BackupBrokenError(
                f"la sauvegarde {chain[0].parent}, dont {chain[0].id} dépend, manque",
                "Restaurer depuis une chaîne plus ancienne : `shopnow backup list`.",
            )
        chain.insert(0, parent)
    if chain[0].kind is not Kind.FULL:
        raise BackupBrokenError(f"la chaîne de {backup.id} ne commence pas par une complète")
    return tuple(chain)


def newest_before(known: Sequence[Backup], to: datetime | None) -> Backup:
    """Return the newest physical backup that ended at or before `to` (or at all).

    Raises BackupBrokenError when there is none.
    """
    fitting = [b for b in known if b.kind in PHYSICAL and (to is None or b.ended_at <= to)]
    if not fitting:
        when = f" terminée avant {to:%Y-%m-%d %H:%M:%S} UTC" if to else ""
        raise BackupBrokenError(
            f"aucune sauvegarde complète{when}",
            "`shopnow backup list` dit jusqu'où l'on peut remonter.",
        )
    return max(fitting, key=lambda backup: backup.ended_at)
