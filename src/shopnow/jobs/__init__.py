"""What runs by itself: the plan and its worker, the watchdog, the supervisor of all processes."""

from __future__ import annotations

from shopnow.kernel import imported_when_used

with imported_when_used(__name__):
    from shopnow.jobs.model import Beat, Daily, Every, Planned, Task
    from shopnow.jobs.pages import start_pages, stop_pages
    from shopnow.jobs.plan import beat, keep_plan, perform, planned_work, signs_of_life, take_due
    from shopnow.jobs.proofs import prove_the_journal, prove_the_retention
    from shopnow.jobs.supervisor import (
        Supervisor,
        environment_of,
        is_supervised,
        start_supervisor,
        stop_supervisor,
        supervised,
    )
    from shopnow.jobs.tasks import TASKS
    from shopnow.jobs.watchdog import Watchdog
    from shopnow.jobs.worker import Worker, open_app

__all__ = [
    "TASKS",
    "Beat",
    "Daily",
    "Every",
    "Planned",
    "Supervisor",
    "Task",
    "Watchdog",
    "Worker",
    "beat",
    "environment_of",
    "is_supervised",
    "keep_plan",
    "open_app",
    "perform",
    "planned_work",
    "prove_the_journal",
    "prove_the_retention",
    "signs_of_life",
    "start_pages",
    "start_supervisor",
    "stop_pages",
    "stop_supervisor",
    "supervised",
    "take_due",
]
