"""`python -m benchmarks.backups_beside [--gib 1 --rounds 4]`: what a full backup costs a load.

The same load (order lines, process start to published marts) runs alone and with a full backup
beside it, in turns, so that a machine that is busy for a while harms both.  Wall time and CPU of
the load (client and server) and of the backup; writes build/evidence/backup-slowdown.json.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks.backup_ground import GIB, fill, warehouse
from benchmarks.contenders import ingest_command, of_the_command
from benchmarks.measure import Measured as Taken
from benchmarks.measure import measure
from benchmarks.orders import order_block
from benchmarks.products import Sizes
from shopnow.backup import shelf_of
from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import connect
from shopnow.kernel.server import Server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.kernel import Settings

_SECONDS: Final = 60.0
_SHOPNOW: Final = str(Path(sys.executable).with_name("shopnow"))


@dataclass(frozen=True)
class Turn:
    """One load: what it took, and the seconds of the backup beside it (None: alone)."""

    load: Taken
    backup_seconds: float | None
    covered: bool


def main() -> None:
    """Measure and write the evidence."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--gib", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--lines", type=int, default=120_000)
    wanted = parser.parse_args()
    with warehouse() as (settings, folder):
        reached = fill(settings, int(wanted.gib * GIB))
        turns = list(_turns(settings, folder, wanted.rounds, wanted.lines))
        figures = _figures(turns, reached, wanted.lines)
        for figure in figures:
            print(f"{figure.label_fr:<70} {figure.value:>12} {figure.unit}")
        write_evidence(
            Path("build/evidence/backup-slowdown.json"),
            criterion="C16-08 : ralentissement d'un chargement par une sauvegarde complète",
            command=f"python -m benchmarks.backups_beside --gib {wanted.gib:g}",
            figures=figures,
            measured_at=datetime.now(UTC),
            conditions={
                "cores": str(os.cpu_count()),
                "fsync": "on",
                "backup_nice": str(settings.backup_nice),
                "backup_rate_mib": str(settings.backup_rate_mib),
                "order": "alone, beside, beside, alone, …",
                "foreign_cpu": f"{_foreign(turns):.0%} at most",
            },
        )


def _turns(settings: Settings, folder: Path, rounds: int, lines: int) -> list[Turn]:
    sizes = Sizes(products=20_000, lines=lines * (2 * rounds + 1), sellers=50, seed=7)
    _load(settings, folder, sizes, 0, lines)  # what a first load alone pays is paid
    turns = []
    for number in range(1, 2 * rounds + 1):
        # Alone, beside, beside, alone, …: what drifts harms both.
        is_beside = number % 4 in {2, 3}
        backup = _backup_begun(settings) if is_beside else None
        began = time.monotonic()
        load = _load(settings, folder, sizes, number, lines)
        covered = backup is not None and backup.poll() is None
        seconds = None
        if backup is not None:
            if backup.wait():
                raise SystemExit("the backup failed")
            seconds = time.monotonic() - began
        turns.append(Turn(load, seconds, covered))
        print(f"{'beside' if is_beside else 'alone '}: {load.wall_seconds:6.2f} s wall, "
              f"{load.client_cpu_seconds + load.server_cpu_seconds:6.2f} s CPU")  # fmt: skip
    return turns


def _backup_begun(settings: Settings) -> subprocess.Popen[bytes]:
    """Start a full backup and wait until it writes."""
    root = shelf_of(settings).root
    process = subprocess.Popen(
        [_SHOPNOW, "--home", str(settings.home), "backup", "run", "full"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + _SECONDS
    while not list(root.glob(".*.partial/base.tar.gz")) and time.monotonic() < end:
        time.sleep(0.05)
    return process


def _load(settings: Settings, folder: Path, sizes: Sizes, number: int, lines: int) -> Taken:
    path = folder / f"orders-{number}.csv"
    order_block(number * lines, lines, sizes).drop("cents").write_csv(path)
    with connect(settings, None) as conn:
        conn.execute("CHECKPOINT")
    pid = Server(settings).status().pid
    command = ingest_command(settings, path, "orders", "bench-orders")
    taken = measure(command, of_the_command(), folder / f"load-{number}", pid or 0)
    if taken.status:
        raise SystemExit((folder / f"load-{number}" / "stderr.log").read_text(encoding="utf-8"))
    return taken


def _foreign(turns: Sequence[Turn]) -> float:
    """Return the largest share of the machine that others used beside a load alone."""
    return max(turn.load.foreign_share for turn in turns if turn.backup_seconds is None)


def _figures(turns: Sequence[Turn], reached: int, lines: int) -> list[Measured]:
    alone = [turn.load for turn in turns if turn.backup_seconds is None]
    beside = [turn for turn in turns if turn.backup_seconds is not None]
    walls = median(t.wall_seconds for t in alone), median(t.load.wall_seconds for t in beside)
    # The server's CPU beside a backup includes what the backup itself asks of the server.
    clients = [median(t.client_cpu_seconds for t in alone)]
    clients.append(median(t.load.client_cpu_seconds for t in beside))
    served = [median(t.server_cpu_seconds for t in alone)]
    served.append(median(t.load.server_cpu_seconds for t in beside))
    figures = [
        ("database", reached / GIB, "Gio", "taille de l'entrepôt"),
        ("lines", lines, "lignes", "lignes de commande d'un chargement"),
        ("rounds", len(beside), "fois", "chargements de chaque sorte, en alternance"),
        ("covered", sum(t.covered for t in beside), "fois", "dont couverts jusqu'au bout"),
        ("alone_seconds", walls[0], "s", "chargement seul (médiane)"),
        ("beside_seconds", walls[1], "s", "chargement pendant une complète (médiane)"),
        ("slowdown", walls[1] / walls[0] - 1, "part", "ralentissement, durée"),
        ("alone_client_cpu", clients[0], "s", "CPU du client, seul"),
        ("beside_client_cpu", clients[1], "s", "CPU du client, pendant une complète"),
        ("alone_server_cpu", served[0], "s", "CPU du serveur, seul"),
        ("beside_server_cpu", served[1], "s", "CPU du serveur, pendant, complète comprise"),
        (
            "backup_seconds", median(t.backup_seconds or 0 for t in beside), "s",
            "complète pendant un chargement (médiane)",
        ),
    ]  # fmt: skip
    return [Measured(name, round(value, 3), unit, words) for name, value, unit, words in figures]


if __name__ == "__main__":
    main()
