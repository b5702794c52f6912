"""The worker: a process of its own that does planned work through the queue in schema `jobs`.

The plan says what is due; the queue (procrastinate) carries it out, each lock one at a time, with
retries.  What a killed worker left behind is taken up by the next one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status
from psycopg.conninfo import make_conninfo

from shopnow.alerts import watch_once
from shopnow.jobs.plan import beat, keep_plan, perform, signs_of_life, take_due
from shopnow.jobs.tasks import TASKS
from shopnow.kernel import ShopnowError, SystemClock, connect, connection_parameters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from shopnow.jobs.model import Task
    from shopnow.kernel import Clock, Settings

QUEUE: Final = "planned"
_CONCURRENCY: Final = 3
_ROUND_SECONDS: Final = 2.0
_STALLED_SECONDS: Final = 30
# The watchdog watches; the worker takes its place when it has been silent for that long.
_WATCHDOG_SILENCE: Final = 90.0
_LOG = logging.getLogger(__name__)


def open_app(settings: Settings, clock: Clock, tasks: Sequence[Task]) -> procrastinate.App:
    """Return the queue of a warehouse with its tasks, not opened yet."""
    parameters = connection_parameters(settings, "shopnow_etl")
    connector = procrastinate.PsycopgConnector(
        conninfo=make_conninfo("", **parameters),
        kwargs={"options": "-c search_path=jobs -c timezone=UTC",
                "application_name": "shopnow worker"},
        min_size=1,
        max_size=_CONCURRENCY + 2,
    )  # fmt: skip
    app = procrastinate.App(connector=connector)
    for one in tasks:
        _register(app, settings, clock, one)
    return app


def _register(app: procrastinate.App, settings: Settings, clock: Clock, task: Task) -> None:
    retry = procrastinate.RetryStrategy(max_attempts=2, exponential_wait=5)

    @app.task(name=task.name, queue=QUEUE, lock=task.lock or task.name,
              queueing_lock=task.name, retry=retry)  # fmt: skip
    def _run() -> None:
        perform(settings, clock, task)


@dataclass
class Worker:
    """One worker; `run` returns when the process is asked to end."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    tasks: Sequence[Task] = TASKS
    ending: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT; a job under way is ended first, for ten seconds."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.ending.set)
        app = open_app(self.settings, self.clock, self.tasks)
        async with app.open_async():
            worker = asyncio.create_task(
                app.run_worker_async(
                    queues=[QUEUE], concurrency=_CONCURRENCY, install_signal_handlers=False,
                    shutdown_graceful_timeout=10, listen_notify=True, fetch_job_polling_interval=2,
                )
            )  # fmt: skip
            planner = asyncio.create_task(self._plan(app))
            stopper = asyncio.create_task(self.ending.wait())
            done, _ = await asyncio.wait(
                (worker, planner, stopper), return_when=asyncio.FIRST_COMPLETED
            )
            for task in (planner, worker, stopper):
                task.cancel()
            await asyncio.gather(planner, worker, stopper, return_exceptions=True)
            if stopper not in done:
                # The worker or the planner fell over: say why and let the supervisor start anew.
                await next(iter(done))

    async def _plan(self, app: procrastinate.App) -> None:
        """Give signs of life and put what is due into the queue, every other second."""
        started = self.clock.now()
        await asyncio.to_thread(self._declare)
        while True:
            for name in await asyncio.to_thread(self._round, started):
                # One of it waits already: it will do the work of both.
                with contextlib.suppress(AlreadyEnqueued):
                    await app.configure_task(name, queueing_lock=name).defer_async()
            await self._take_up(app)
            await asyncio.sleep(_ROUND_SECONDS)

    async def _take_up(self, app: procrastinate.App) -> None:
        """Take up what a killed worker left under way; where one waits already, that will do."""
        jobs = app.job_manager
        stalled = await jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=_STALLED_SECONDS)
        for job in stalled:
            _LOG.warning("job %s of a dead worker is taken up again", job.task_name)
            try:
                await jobs.retry_job(job, retry_at=self.clock.now())
            except UniqueViolation:
                await jobs.finish_job(job, status=Status.FAILED, delete_job=False)

    def _declare(self) -> None:
        with connect(self.settings, application_name="shopnow plan") as conn:
            keep_plan(conn, self.tasks, self.clock.now())

    def _round(self, started: datetime) -> list[str]:
        with connect(self.settings, application_name="shopnow plan") as conn:
            now = self.clock.now()
            beat(conn, "worker", started, now)
            due = take_due(conn, self.tasks, now, self.settings.tz)
            self._stand_in_for_watchdog(conn, now)
        return due

    def _stand_in_for_watchdog(self, conn: psycopg.Connection, now: datetime) -> None:
        seen = [one.beat_at for one in signs_of_life(conn) if one.process == "watchdog"]
        if seen and (now - seen[0]).total_seconds() > _WATCHDOG_SILENCE:
            with contextlib.suppress(ShopnowError, psycopg.Error):
                watch_once(conn, self.settings, now)


def work(settings: Settings) -> None:
    """Be the worker of a warehouse until asked to end."""
    asyncio.run(Worker(settings).run())
