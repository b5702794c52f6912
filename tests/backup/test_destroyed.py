"""The data folder destroyed at twenty random moments while rows are written: what is back, when."""

from __future__ import annotations

import random
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.backup.conftest import Writer, ask

from shopnow.backup import (
    Kind,
    apply_restore,
    build_beside,
    drop_restore,
    plan_restore,
    run_backup,
)
from shopnow.backup.archive import wait_archived
from shopnow.backup.store import switch_segment
from shopnow.deliverables import Measured, write_evidence
from shopnow.kernel import SystemClock
from shopnow.kernel.server import Server, place_of
from shopnow.pipeline import audit_findings

if TYPE_CHECKING:
    from shopnow.kernel import Settings

pytestmark = [pytest.mark.integration, pytest.mark.slow]

CLOCK = SystemClock()
MOMENTS = 20
EVIDENCE = Path(__file__).parents[2] / "build" / "evidence" / "backup-destroyed.json"


def test_committed_rows_are_back_at_twenty_random_moments(shop: Settings) -> None:
    place = place_of(shop)
    assert place
    lost: list[int] = []
    closed: list[float] = []
    stale: list[float] = []
    written = 0
    draw = random.Random(7)  # noqa: S311  # moments, not secrets
    for _ in range(MOMENTS):
        run_backup(shop, CLOCK, Kind.INCREMENTAL)
        writer = Writer(shop)
        writer.start()
        time.sleep(draw.uniform(0.1, 0.8))
        promised = time.monotonic()
        wait_archived(place.archive, switch_segment(shop), 60)
        time.sleep(draw.uniform(0.0, 1.0))
        Server(shop).kill()
        gone = time.monotonic()
        writer.stop()
        shutil.rmtree(place.data)
        began = time.monotonic()
        plan = plan_restore(shop, CLOCK)
        built = build_beside(
            shop,
            CLOCK,
            plan,
            audit=lambda restored: len(audit_findings(restored, CLOCK)),
            progress=lambda _: None,
        )
        assert built.findings == 0
        apply_restore(shop, CLOCK, plan.id, lambda _: None)
        closed.append(time.monotonic() - began)
        present = {n for (n,) in ask(shop, "SELECT n FROM dwh.written")}
        assert {n for n, at in writer.committed if at < promised} <= present
        assert present == set(range(1, max(present) + 1))
        lost.append(sum(n not in present for n, _ in writer.committed))
        stale.append(gone - promised)
        written += len(writer.committed)
        drop_restore(shop, CLOCK, plan.id)
    _keep(lost, closed, stale, written)


def _keep(lost: list[int], closed: list[float], stale: list[float], written: int) -> None:
    write_evidence(
        EVIDENCE,
        criterion="C16-09 : dossier de données détruit pendant les écritures, puis restauré",
        command="pytest -m slow tests/backup/test_destroyed.py",
        figures=[
            Measured("moments", len(lost), "moments", "destructions à un moment au hasard"),
            Measured("written", written, "lignes", "lignes validées en tout"),
            Measured("promised_lost", 0, "lignes", "lignes perdues hors de la perte promise"),
            Measured("lost", sum(lost), "lignes", "lignes perdues, non encore archivées"),
            Measured("rpo_most", round(max(stale), 2), "s", "RPO constaté, au plus"),
            Measured("rto_most", round(max(closed), 2), "s", "RTO constaté, au plus"),
            Measured("rto_mean", round(sum(closed) / len(closed), 2), "s", "RTO constaté, moyen"),
        ],
        measured_at=datetime.now(UTC),
        conditions={"database": "petite (50 Mo)", "archive_timeout": "forcé avant chaque coup"},
    )
