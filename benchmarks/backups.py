"""`python -m benchmarks.backups [--gib 1]`: backups and a drill at a size, beside plain tools.

Writes build/evidence/backup-<size>gb.json.  The warehouse is throw-away, as durable as a real one.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from shopnow.backup import Kind, backup_state, drill, run_backup
from shopnow.backup.tools import connecting
from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import Settings, SystemClock, connect
from shopnow.kernel.server import Server, open_warehouse
from shopnow.pipeline import judged

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
CLOCK = SystemClock()
GIB = 1024**3
_ROWS = 500_000
_MAKE = Path(__file__).parent / "sql" / "backup_fill.sql"
_PARTITION = Path(__file__).parent / "sql" / "backup_partition.sql"
_CHANGE = Path(__file__).parent / "sql" / "backup_change.sql"
_LOAD = Path(__file__).parent / "sql" / "backup_load.sql"


def main() -> None:
    """Measure and write the evidence."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gib", type=float, default=1.0)
    wanted = parser.parse_args().gib
    folder = Path(tempfile.mkdtemp(prefix="shopnow-backups-"))
    folder.chmod(0o711)
    settings = Settings(home=folder / "home")
    try:
        open_warehouse(settings)
        figures = _measured(settings, int(wanted * GIB))
        for figure in figures:
            print(f"{figure.label_fr:<70} {figure.value:>12} {figure.unit}")
        write_evidence(
            Path("build/evidence") / f"backup-{wanted:g}gb.json",
            criterion="C16-08, C16-09: sauvegardes prouvées par la restauration",
            command=f"python -m benchmarks.backups --gib {wanted:g}",
            figures=figures,
            measured_at=datetime.now(UTC),
            conditions={"fsync": "on", "cores": "2", "compression": "gzip 1"},
        )
    finally:
        Server(settings).remove()
        shutil.rmtree(folder, ignore_errors=True)


def _measured(settings: Settings, size: int) -> list[Measured]:
    reached = _fill(settings, size)
    alone = _loading(settings, lambda: time.sleep(12))
    plain = _plain_tools(settings)
    made = [_timed(lambda: run_backup(settings, CLOCK, Kind.FULL))]
    full = made[0][1]
    _run(settings, _CHANGE.read_text(encoding="utf-8"))
    made.append(_timed(lambda: run_backup(settings, CLOCK, Kind.INCREMENTAL)))
    made.append(_timed(lambda: run_backup(settings, CLOCK, Kind.PARTIAL)))
    during = _loading(settings, lambda: run_backup(settings, CLOCK, Kind.FULL))
    run_backup(settings, CLOCK, Kind.INCREMENTAL)
    # The lines are as wide as real ones but lead nowhere: only what a restore adds is a finding.
    known = set(judged(settings, CLOCK))
    result = drill(
        settings,
        CLOCK,
        judge=lambda restored: [f for f in judged(restored, CLOCK) if f not in known],
        progress=print,
    )
    if not result.good:
        raise SystemExit(f"the drill found: {result.findings}")
    state = backup_state(settings, CLOCK)
    return [
        Measured("database", round(reached / GIB, 3), "Gio", "taille de l'entrepôt"),
        Measured("full_seconds", made[0][0], "s", "sauvegarde complète, vérifiée et comptée"),
        Measured("full_bytes", full.size, "octets", "sauvegarde complète"),
        Measured("incremental_seconds", made[1][0], "s", "incrémentale après un jour (1 % changé)"),
        Measured("incremental_bytes", made[1][1].size, "octets", "incrémentale après un jour"),
        Measured(
            "incremental_ratio", round(made[1][1].size / full.size, 4), "rapport",
            "incrémentale / complète",
        ),
        Measured("partial_seconds", made[2][0], "s", "sauvegarde partielle (logique)"),
        Measured("partial_bytes", made[2][1].size, "octets", "sauvegarde partielle"),
        *plain,
        Measured("load_alone", alone, "lignes/s", "chargement seul"),
        Measured("load_during", during, "lignes/s", "chargement pendant une complète"),
        Measured(
            "slowdown", round(1 - during / alone, 3), "part", "ralentissement d'un chargement"
        ),
        Measured("rto_seconds", result.rto_seconds or 0, "s", "RTO : de la décision à l'ouverture"),
        Measured("rpo_seconds", result.rpo_seconds or 0, "s", "RPO constaté : écrits non archivés"),
        Measured("rpo_promised", settings.backup_loss_seconds, "s", "RPO promis"),
        Measured(
            "drill_rows", (state.last_drill.rows or 0) if state.last_drill else 0, "lignes",
            "lignes comparées au repère",
        ),
    ]  # fmt: skip


def _fill(settings: Settings, size: int) -> int:
    """Add order lines until the database has the wanted size; return it."""
    _run(settings, _PARTITION.read_text(encoding="utf-8"))
    with connect(settings, None) as conn:
        number = 0
        while True:
            row = conn.execute("SELECT pg_database_size(current_database())").fetchone()
            if row and row[0] >= size:
                conn.execute("CHECKPOINT")
                return int(row[0])
            text = _MAKE.read_text(encoding="utf-8")
            rows = min(_ROWS, size // 2000)
            conn.execute(text.encode(), {"first": number, "rows": rows})
            number += rows


def _run(settings: Settings, text: str) -> None:
    with connect(settings, None) as conn:
        conn.execute(text.encode())


def _loading(settings: Settings, meanwhile: Callable[[], object]) -> float:
    """Return the rows a second that a load writes while something else happens."""
    done, rows = threading.Event(), 0
    text = _LOAD.read_text(encoding="utf-8").encode()

    def load() -> None:
        nonlocal rows
        with connect(settings, None) as conn:
            while not done.is_set():
                rows += conn.execute(text).rowcount

    thread = threading.Thread(target=load)
    _run(settings, "CREATE TABLE IF NOT EXISTS public.loaded (n bigint, t text)")
    began = time.monotonic()
    thread.start()
    meanwhile()
    done.set()
    thread.join()
    speed = rows / (time.monotonic() - began)
    _run(settings, "DROP TABLE public.loaded")
    return round(speed, 1)


def _plain_tools(settings: Settings) -> list[Measured]:
    """Time pg_basebackup and pg_dump with their own defaults, as a yardstick."""
    binaries = Server(settings).binaries()
    environment = connecting(settings, "shopnow_backup") | {"PATH": "/usr/bin:/bin"}
    found = []
    for name, words, label in (
        ("pg_basebackup", ["-c", "fast", "-D"], "pg_basebackup seul (dossier, non compressé)"),
        ("pg_dump", ["-Fc", "-f"], "pg_dump seul (format custom)"),
    ):
        target = settings.home / f"plain-{name}"
        command = [str(binaries / name), *words, str(target)]
        seconds, _ = _timed(lambda c=command: subprocess.run(c, env=environment, check=True))  # type: ignore[misc]
        paths = [target] if target.is_file() else [p for p in target.rglob("*") if p.is_file()]
        size = sum(path.stat().st_size for path in paths)
        found.append(Measured(f"{name}_seconds", seconds, "s", label))
        found.append(Measured(f"{name}_bytes", size, "octets", label))
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()
    return found


def _timed(what: Callable[[], T]) -> tuple[float, T]:
    began = time.monotonic()
    result = what()
    return round(time.monotonic() - began, 2), result


if __name__ == "__main__":
    main()
