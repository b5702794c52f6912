"""Deliveries into two warehouses, one of which forgets what it could compare the next one with."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests import marketplace

from shopnow.kernel import FixedClock, connect
from shopnow.pipeline import Conductor, Context

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.marketplace import Shipment

    from shopnow.kernel import Clock, Settings

OUTCOMES = (
    "SELECT delivery_key, state, records, accepted, rejected, duplicate, superseded, held"
    " FROM staging.delivery ORDER BY delivery_key"
)
PASSED_OVER = "SELECT coalesce(sum(passed_over), 0)::integer FROM staging.delivery_difference"


@dataclass
class MovingClock:
    """A clock that moves on by a thousandth of a second whenever it is asked."""

    instant: datetime

    def now(self) -> datetime:
        """Return the next instant."""
        self.instant += timedelta(milliseconds=1)
        return self.instant


def take(
    settings: Settings, shipments: Sequence[tuple[Shipment, datetime]], outbox: Path, now: datetime,
    *, together: bool = False, forgets: bool = False, moves: bool = False,
) -> None:  # fmt: skip
    """Deliver, each with its effective time; a run follows each, or all of them `together`.

    `moves`: time goes on while a run loads; else all of a day has one time.
    """
    clock = MovingClock(now) if moves else FixedClock(now)
    for shipment, effective_at in shipments:
        marketplace.deliver(settings, [shipment], outbox, at=now, effective_at=effective_at)
        if not together:
            _run(settings, clock, forgets=forgets)
    if together:
        _run(settings, clock, forgets=forgets)


def asked(settings: Settings, question: str) -> list[tuple[Any, ...]]:
    """The rows of a question to one warehouse."""
    with connect(settings, None) as conn:
        return conn.execute(question.encode()).fetchall()


def _run(settings: Settings, clock: Clock, *, forgets: bool) -> None:
    if forgets:
        shutil.rmtree(settings.home / "differences", ignore_errors=True)
    with Context.open(settings, clock) as context:
        report = Conductor(context).run()
    assert not report.failed, report.failed
    assert not report.refused, report.refused
