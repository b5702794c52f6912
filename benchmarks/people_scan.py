"""How long the scanner needs to seek every value of the vault in all that the warehouse holds.

The installed command is run and its own memory is measured: once before anybody is erased, with one
value planted in a log that it has to find, once after, looking for what was erased.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from benchmarks.evidence import Figure
from shopnow.kernel import connect
from shopnow.privacy import open_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings
    from shopnow.privacy import KeyStore

_SHOPNOW: Final = Path(sys.executable).with_name("shopnow")


def values_of(settings: Settings, keystore: KeyStore, subject_no: int) -> list[str]:
    """Return the values of one person, while they can be read."""
    with connect(settings) as conn:
        return list(open_values(conn, keystore, [subject_no])[subject_no].values())


def planted_scan(settings: Settings, value: str) -> list[Figure]:
    """Plant a value of the vault in a log, find it and nothing else, take it away again."""
    log = settings.home / "logs" / "planted.log"
    log.parent.mkdir(exist_ok=True)
    log.write_text(f"answer {value} tomorrow\n", encoding="utf-8")
    facts, seconds, memory = _scan(settings, [])
    log.unlink()
    places = {one["place"] for one in facts["found"]}
    assert places == {"logs/planted.log"}, facts["found"]  # noqa: S101  # else of something else
    people = f"{facts['persons']:,} persons"
    return [
        Figure(f"scan of {people}, planted value found", seconds, "s"),
        Figure("values sought by it", facts["values"], "values"),
        Figure("read by it", facts["bytes_read"] / 1e6, "MB"),
        Figure("its peak memory", memory, "MB"),
    ]


def scan_after(settings: Settings, erased: Sequence[str]) -> list[Figure]:
    """Find nothing of anybody, those erased included."""
    facts, seconds, memory = _scan(settings, erased)
    assert facts["found"] == [], facts["found"]  # noqa: S101
    people = f"{facts['persons']:,} persons"
    return [
        Figure(f"scan of {people} after an erasure, nothing found", seconds, "s"),
        Figure("its peak memory after an erasure", memory, "MB"),
    ]


def _scan(settings: Settings, planted: Sequence[str]) -> tuple[dict[str, Any], float, float]:
    """Run `privacy scan`; returns what it reported, seconds, megabytes."""
    words = [word for value in planted for word in ("--plant", value)]
    environ = os.environ | {"SHOPNOW_HOME": str(settings.home), "SHOPNOW_SERVER_ARCHIVE": "no"}
    begun = perf_counter()
    child = subprocess.Popen(
        [_SHOPNOW, "privacy", "scan", "--json", *words], env=environ, stdout=subprocess.PIPE
    )
    assert child.stdout is not None  # noqa: S101
    said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return json.loads(said), perf_counter() - begun, used.ru_maxrss / 1024
