"""Evidence: figures written by the command that measured them, never typed.

One JSON file a criterion; report, slides and grid are built from these.
"""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


@dataclass(frozen=True)
class Figure:
    """One measured value with its unit."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True)
class Evidence:
    """What a command measured for a criterion, when and on which machine."""

    id: str
    criterion: str
    command: str
    figures: Sequence[Figure]
    measured_at: datetime
    machine: str
    # What else a reader needs to repeat the figures, e.g. the settings of the server.
    conditions: Mapping[str, str]


def write_evidence(path: Path, evidence: Evidence) -> None:
    """Write a file whole or not at all; folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        **asdict(evidence),
        "measured_at": evidence.measured_at.isoformat(timespec="seconds"),
    }
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    fresh.replace(path)


def machine() -> str:
    """This machine in a line: cores, memory, processor, system, Python."""
    cores = os.cpu_count() or 1
    parts = [f"{cores} cores", _processor(), f"{platform.system()} {platform.release()}"]
    if hasattr(os, "sysconf"):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        parts.insert(1, f"{memory / 1024**3:.0f} GiB")
    return ", ".join([*parts, f"Python {platform.python_version()}"])


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.machine()
    names = (line for line in text.splitlines() if line.startswith("model name"))
    return next(names, platform.machine()).partition(":")[2].strip() or platform.machine()
