"""Evidence: figures written by the command that counted them, never typed (DESIGN 11).

One JSON file a criterion; report, slides and grid are built from these.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure with its unit, and the French words that the report puts beside it."""

    name: str
    value: float
    unit: str
    label_fr: str


def write_evidence(
    path: Path,
    *,
    criterion: str,
    command: str,
    figures: Sequence[Measured],
    measured_at: datetime,
    conditions: Mapping[str, str],
) -> None:
    """Write the evidence of a criterion whole or not at all; folders are made.

    `conditions`: what else a reader needs to count the same again.  No value of a person is in it.
    """
    content = {
        "id": path.stem,
        "criterion": criterion,
        "command": command,
        "figures": [asdict(figure) for figure in figures],
        "measured_at": measured_at.isoformat(timespec="seconds"),
        "conditions": dict(conditions),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)
