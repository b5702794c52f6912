"""`python -m benchmarks.backups [--gib 1]`: backups and restores at a size, beside plain tools.

Writes build/evidence/backup-<size>gb.json: sizes, times, the incremental ratio after a day's
change, then a drill, and the data folder destroyed while rows are written: RPO and RTO.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.backup_ground import GIB, fill, run_sql, timed, warehouse
from benchmarks.backup_loss import Loss, destroyed
from shopnow.backup import Kind, drill, run_backup, shelf_of
from shopnow.backup.archive import forget_before
from shopnow.backup.tools import connecting
from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import SystemClock
from shopnow.kernel.server import Server
from shopnow.pipeline import judged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shopnow.backup import Backup, DrillResult
    from shopnow.kernel import Settings

CLOCK: Final = SystemClock()
_WRITING_SECONDS: Final = 45.0


def main() -> None:
    """Measure and write the evidence."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gib", type=float, default=1.0)
    wanted = parser.parse_args().gib
    with warehouse() as (settings, _):
        figures = list(_measured(settings, int(wanted * GIB)))
        for figure in figures:
            print(f"{figure.label_fr:<70} {figure.value:>12} {figure.unit}")
        write_evidence(
            Path("build/evidence") / f"backup-{wanted:g}gb.json",
            criterion="C16-08, C16-09: sauvegardes prouvées par la restauration",
            command=f"python -m benchmarks.backups --gib {wanted:g}",
            figures=figures,
            measured_at=datetime.now(UTC),
            conditions={
                "fsync": "on",
                "cores": str(os.cpu_count()),
                "compression": "gzip 1",
                "niceness": str(settings.backup_nice),
                "load average": f"{os.getloadavg()[2]:.1f} over the last 15 minutes",
                "data folder destroyed": f"after {_WRITING_SECONDS:.0f} s of 200 rows a commit",
            },
        )


def _measured(settings: Settings, size: int) -> Iterator[Measured]:
    reached = fill(settings, size)
    yield Measured("database", round(reached / GIB, 3), "Gio", "taille de l'entrepôt")
    print(f"filled: {reached / GIB:.2f} GiB")
    yield from _plain_tools(settings)
    seconds, full = timed(lambda: run_backup(settings, CLOCK, Kind.FULL, print))
    yield Measured("full_seconds", seconds, "s", "sauvegarde complète, vérifiée et comptée")
    yield Measured("full_bytes", full.size, "octets", "sauvegarde complète")
    _forget_log(settings, full)
    run_sql(settings, "backup_change")
    seconds, small = timed(lambda: run_backup(settings, CLOCK, Kind.INCREMENTAL, print))
    yield Measured("incremental_seconds", seconds, "s", "incrémentale après un jour (1 % changé)")
    yield Measured("incremental_bytes", small.size, "octets", "incrémentale après un jour")
    ratio = round(small.size / full.size, 4)
    yield Measured("incremental_ratio", ratio, "rapport", "incrémentale / complète")
    seconds, partial = timed(lambda: run_backup(settings, CLOCK, Kind.PARTIAL, print))
    yield Measured("partial_seconds", seconds, "s", "sauvegarde partielle (logique)")
    yield Measured("partial_bytes", partial.size, "octets", "sauvegarde partielle")
    # The lines are as wide as real ones but lead nowhere: only what a restore adds is a finding.
    known = set(judged(settings, CLOCK))

    def added(restored: Settings) -> list[str]:
        return [finding for finding in judged(restored, CLOCK) if finding not in known]

    yield from _drilled(drill(settings, CLOCK, judge=added, progress=print))
    yield from _lost(
        settings, destroyed(settings, _WRITING_SECONDS, lambda s: len(added(s)), print)
    )


def _drilled(result: DrillResult) -> Iterator[Measured]:
    if not result.good:
        raise SystemExit(f"the drill found: {result.findings}")
    yield Measured(
        "drill_rto_seconds", result.rto_seconds or 0, "s", "exercice : jusqu'à l'ouverture"
    )
    for step, seconds in result.seconds.items():
        yield Measured(f"drill_{step}", seconds, "s", f"exercice : {step}")
    yield Measured("drill_rows", result.rows or 0, "lignes", "lignes comparées au repère")


def _lost(settings: Settings, loss: Loss) -> Iterator[Measured]:
    if loss.findings:
        raise SystemExit(f"the audits of the restored warehouse found {loss.findings} things")
    yield Measured(
        "rto_seconds", loss.rto_seconds, "s",
        "RTO : données détruites, de la décision à la première requête, audits compris",
    )  # fmt: skip
    for step, seconds in loss.steps.items():
        yield Measured(f"rto_{step}", seconds, "s", f"RTO : {step}")
    yield Measured("rpo_seconds", loss.rpo_seconds, "s", "RPO constaté, écritures en cours")
    yield Measured("rpo_promised", settings.backup_loss_seconds, "s", "RPO promis")
    yield Measured("written", loss.written, "lignes", "lignes validées avant la destruction")
    yield Measured("lost", loss.lost, "lignes", "dont perdues, pas encore archivées")


def _forget_log(settings: Settings, full: Backup) -> None:
    """Delete the log of the filling, as retention does with what is older than any chain."""
    archive = shelf_of(settings).archive
    if archive and full.start_segment:
        forget_before(archive, full.start_segment, print)


def _plain_tools(settings: Settings) -> Iterator[Measured]:
    """Time pg_basebackup and pg_dump with their own defaults, as a yardstick."""
    binaries = Server(settings).binaries()
    environment = connecting(settings, "shopnow_backup") | {"PATH": "/usr/bin:/bin"}
    for name, words, label in (
        ("pg_basebackup", ["-c", "fast", "-D"], "pg_basebackup seul (dossier, non compressé)"),
        ("pg_dump", ["-Fc", "-f"], "pg_dump seul (format custom)"),
    ):
        target = settings.home / f"plain-{name}"
        command = [str(binaries / name), *words, str(target)]
        seconds, _ = timed(lambda c=command: subprocess.run(c, env=environment, check=True))  # type: ignore[misc]
        paths = [target] if target.is_file() else [p for p in target.rglob("*") if p.is_file()]
        size = sum(path.stat().st_size for path in paths)
        yield Measured(f"{name}_seconds", seconds, "s", label)
        yield Measured(f"{name}_bytes", size, "octets", label)
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink()


if __name__ == "__main__":
    main()
