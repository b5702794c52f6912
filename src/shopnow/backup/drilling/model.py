"""What a drill found: kept outside the database, shown as an indicator."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from shopnow.backup.files import private_folder, write_json

if TYPE_CHECKING:
    from pathlib import Path


class Sabotage(StrEnum):
    """How a drill may spoil what it restores from; each must be noticed."""

    FLIPPED_BYTE = "flipped-byte"
    FLIPPED_PAGE = "flipped-page"
    MISSING_WAL = "missing-wal"
    MISSING_INCREMENTAL = "missing-incremental"
    WRONG_KEY = "wrong-key"
    FULL_DISK = "full-disk"


SABOTAGES_FR = {
    Sabotage.FLIPPED_BYTE: "un octet changé dans une archive",
    Sabotage.FLIPPED_PAGE: "une page changée, empreinte refaite",
    Sabotage.MISSING_WAL: "un journal archivé manquant",
    Sabotage.MISSING_INCREMENTAL: "une incrémentale manquante",
    Sabotage.WRONG_KEY: "une autre clé pour la seconde copie",
    Sabotage.FULL_DISK: "un disque plein pendant la restauration",
}


@dataclass(frozen=True, slots=True)
class DrillResult:
    """One rehearsal: good when nothing was found; with sabotage, when it was noticed.

    `rto_seconds`: from the start of the restore until it could open.  `rpo_seconds`: how much time
    of writing was not archived yet when the drill began.
    """

    id: str
    at: datetime
    good: bool
    backup: str
    findings: tuple[str, ...]
    seconds: dict[str, float] = field(default_factory=dict)
    rto_seconds: float | None = None
    rpo_seconds: float | None = None
    database_bytes: int | None = None
    rows: int | None = None
    tables: int | None = None
    sabotage: str | None = None
    noticed_as: str | None = None


def write_result(folder: Path, result: DrillResult) -> None:
    """Keep a result beside the catalogue."""
    private_folder(folder)
    content: dict[str, Any] = asdict(result) | {"at": result.at.isoformat()}
    write_json(folder / f"{result.id}.json", content)


def results_in(folder: Path) -> list[DrillResult]:
    """Return the results of all drills, oldest first; an unreadable one is passed over."""
    found = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            at = datetime.fromisoformat(content["at"])
            found.append(
                DrillResult(**(content | {"at": at, "findings": tuple(content["findings"])}))
            )
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return sorted(found, key=lambda result: result.at)
