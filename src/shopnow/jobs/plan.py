"""The plan in the database: what is due is taken once, what was missed is done once."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from psycopg.rows import class_row

from shopnow.jobs.model import Beat, Planned
from shopnow.journal import Event, record_event
from shopnow.kernel import ShopnowError, Sql, connect, from_database

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from shopnow.jobs.model import Task
    from shopnow.kernel import Clock, Settings

import psycopg

SQL = Sql(__package__)


def keep_plan(conn: psycopg.Connection, tasks: Sequence[Task], now: datetime) -> None:
    """Make the plan hold these tasks; a new one is due at once."""
    for one in tasks:
        values = {"task": one.name, "title": one.title, "rhythm": one.rhythm.words_fr,
                  "next_at": now}  # fmt: skip
        conn.execute(SQL["plan_keep"], values)


def take_due(
    conn: psycopg.Connection, tasks: Sequence[Task], now: datetime, zone: ZoneInfo
) -> list[str]:
    """Return the tasks that are due, moved to their next time; two callers share none."""
    values = {
        "tasks": [one.name for one in tasks],
        "nexts": [one.rhythm.following(now, zone) for one in tasks],
        "now": now,
    }
    return [str(name) for (name,) in conn.execute(SQL["plan_take"], values)]


def perform(settings: Settings, clock: Clock, task: Task) -> str:
    """Do a task, and write into plan and journal what became of it.

    Raises what the task raises, after it was written down.
    """
    with connect(settings, application_name="shopnow plan") as conn:
        conn.execute(SQL["plan_start"], {"task": task.name, "now": clock.now()})
    try:
        said = task.does(settings, clock)
    except Exception as error:
        _failed(settings, clock, task, error)
        raise
    with connect(settings, application_name="shopnow plan") as conn:
        values = {"task": task.name, "now": clock.now(), "status": "done", "said": said}
        conn.execute(SQL["plan_end"], values)
    return said


def _failed(settings: Settings, clock: Clock, task: Task, error: Exception) -> None:
    # The text of an error nobody foresaw may quote data: its kind is enough.
    known = from_database(error, task.name) if isinstance(error, psycopg.Error) else error
    said = known.message if isinstance(known, ShopnowError) else type(error).__name__
    now = clock.now()
    with connect(settings, application_name="shopnow plan") as conn:
        values = {"task": task.name, "now": now, "status": "failed", "said": said}
        conn.execute(SQL["plan_end"], values)
        record_event(
            conn,
            Event(
                ts=now, source="jobs", type="technique", level="WARNING",
                message=f"tâche planifiée « {task.title} » en échec : {said}",
                error_code="job_failed", payload={"task": task.name},
            ),
        )  # fmt: skip


def planned_work(conn: psycopg.Connection) -> list[Planned]:
    """Return the plan in the order in which it comes."""
    with conn.cursor(row_factory=class_row(Planned)) as cursor:
        return cursor.execute(SQL["plan_list"]).fetchall()


def signs_of_life(conn: psycopg.Connection) -> list[Beat]:
    """Return the last sign of life of each process."""
    with conn.cursor(row_factory=class_row(Beat)) as cursor:
        return cursor.execute(SQL["beats"]).fetchall()


def beat(
    conn: psycopg.Connection, process: str, started_at: datetime, now: datetime, doing: str = ""
) -> None:
    """Say that this process is alive."""
    conn.execute(
        SQL["beat"],
        {"process": process, "pid": os.getpid(), "host": socket.gethostname(),
         "started_at": started_at, "now": now, "doing": doing},
    )  # fmt: skip
