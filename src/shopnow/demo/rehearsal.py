"""The demo played day by day: each evening what was sent that day is taken in and run.

Nothing here is special to the demo: files go through the same receipt and the same six steps as
those of any sender.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from datetime import time as time_of_day
from typing import TYPE_CHECKING, Final

from shopnow.alerts import load_judge, watch_once
from shopnow.kernel import RunningClock, connect
from shopnow.pipeline import Conductor, receive

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import psycopg

    from shopnow.demo.model import DayPlan, DemoDelivery, DemoPlan
    from shopnow.pipeline import Context

_EVENING: Final = time_of_day(22, tzinfo=UTC)


@dataclass
class Rehearsal:
    """What the loading of a plan met: receipts that were no new delivery, and seconds spent.

    `duplicates`: file name and the French receipt.  `deliveries`: number of a delivery by the
    path of its file below the plan's folder.
    """

    duplicates: list[tuple[str, str]] = field(default_factory=list)
    deliveries: dict[str, int] = field(default_factory=dict)
    receiving_seconds: float = 0.0
    running_seconds: float = 0.0


def rehearse(
    context: Context, plan: DemoPlan, tell: Callable[[str], None] | None = None
) -> Rehearsal:
    """Take in and run every day of `plan`; the context's clock ends on the last evening.

    `tell` hears a French line a day.  Raises what receipt and run raise.
    """
    done = Rehearsal()
    for path in plan.sources:
        context.learn(path)
    known = {"platform"}
    judge = load_judge(context.settings)
    with connect(context.settings, application_name="shopnow demo") as conn:
        for day in plan.days:
            if tell:
                files = len(day.deliveries)
                tell(f"jour {day.day} sur {len(plan.days)} ({day.on}) : {files} fichiers")
            context.clock = RunningClock(datetime.combine(day.on, _EVENING))
            for part in _parts(day, known):
                _play(context, conn, plan, part, done)
            # The evening round of who watches: measures, alerts, tickets.
            watch_once(conn, context.settings, context.clock.now(), judge=judge)
    return done


def _parts(day: DayPlan, known: set[str]) -> list[list[DemoDelivery]]:
    """What is run together: sellers are registered by a run, only then may they send files."""
    senders = {one.sender for one in day.deliveries}
    if senders <= known:
        return [list(day.deliveries)]
    known |= senders
    sellers = [one for one in day.deliveries if one.feed == "sellers"]
    others = [one for one in day.deliveries if one.feed != "sellers"]
    return [sellers, others]


def _play(
    context: Context,
    conn: psycopg.Connection,
    plan: DemoPlan,
    deliveries: Sequence[DemoDelivery],
    done: Rehearsal,
) -> None:
    began = time.monotonic()
    for one in deliveries:
        receipt = receive(
            context,
            context.source(one.source),
            [one.path],
            mode=one.mode,
            effective_at=one.effective_at,
            conn=conn,
        )
        if receipt.delivery_key is None:
            done.duplicates.append((one.path.name, receipt.message))
        else:
            done.deliveries[one.path.relative_to(plan.folder).as_posix()] = receipt.delivery_key
    received = time.monotonic()
    if deliveries:
        Conductor(context).run()
    done.receiving_seconds += received - began
    done.running_seconds += time.monotonic() - received
