"""Deliveries into two warehouses, one of which forgets what it could compare the next one with."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from tests import marketplace

from shopnow.kernel import connect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from tests.marketplace import Shipment

    from shopnow.kernel import Settings

OUTCOMES = (
    "SELECT delivery_key, state, records, accepted, rejected, duplicate, superseded, held"
    " FROM staging.delivery ORDER BY delivery_key"
)
PASSED_OVER = "SELECT coalesce(sum(passed_over), 0)::integer FROM staging.delivery_difference"


def take(
    settings: Settings, shipments: Sequence[tuple[Shipment, datetime]], outbox: Path, now: datetime,
    *, together: bool = False, forgets: bool = False,
) -> None:  # fmt: skip
    """Deliver, each with its effective time; a run follows each, or all of them `together`."""
    for shipment, effective_at in shipments:
        marketplace.deliver(settings, [shipment], outbox, at=now, effective_at=effective_at)
        if not together:
            _run(settings, now, forgets=forgets)
    if together:
        _run(settings, now, forgets=forgets)


def asked(settings: Settings, question: str) -> list[tuple[Any, ...]]:
    """The rows of a question to one warehouse."""
    with connect(settings, None) as conn:
        return conn.execute(question.encode()).fetchall()


def _run(settings: Settings, now: datetime, *, forgets: bool) -> None:
    if forgets:
        shutil.rmtree(settings.home / "differences", ignore_errors=True)
    report = marketplace.run(settings, at=now)
    assert not report.failed, report.failed
    assert not report.refused, report.refused
