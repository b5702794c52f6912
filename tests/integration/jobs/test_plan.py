"""The plan: what is due is done once, what was missed is done once, what fails is told."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import psycopg
import pytest
from tests import marketplace

from shopnow.alerts import list_episodes
from shopnow.jobs import (
    TASKS,
    Daily,
    Every,
    Task,
    Worker,
    beat,
    environment_of,
    keep_plan,
    perform,
    planned_work,
    signs_of_life,
    take_due,
)
from shopnow.journal import Event, record_event
from shopnow.kernel import FixedClock, TransientError, connect, load_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from shopnow.kernel import Clock, Settings

pytestmark = pytest.mark.integration

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 3, 9, 0, 30, tzinfo=UTC)


def counting(name: str, seen: list[str], said: str = "fait") -> Task:
    def does(settings: Settings, clock: Clock) -> str:
        seen.append(name)
        return said

    return Task(name, f"Essai {name}", Every(timedelta(minutes=1)), does)


def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.2)


def test_what_was_missed_is_done_once(warehouse: Settings) -> None:
    task = counting("essai", [])
    with connect(warehouse) as conn:
        keep_plan(conn, [task], NOW)
        assert take_due(conn, [task], NOW, PARIS) == ["essai"]
        assert take_due(conn, [task], NOW, PARIS) == []
        # The machine was off for three days.
        later = NOW + timedelta(days=3)
        assert take_due(conn, [task], later, PARIS) == ["essai"]
        assert take_due(conn, [task], later, PARIS) == []
        assert planned_work(conn)[0].next_at == later.replace(second=0) + timedelta(minutes=1)
        # A new start keeps the next time.
        keep_plan(conn, [task], later)
        assert take_due(conn, [task], later, PARIS) == []


@pytest.mark.parametrize(
    ("rhythm", "now", "following"),
    [
        (Every(timedelta(minutes=5)), "2026-03-03T09:04:59+00:00", "2026-03-03T09:05:00+00:00"),
        (Daily(3, 30), "2026-03-03T09:00:00+00:00", "2026-03-04T02:30:00+00:00"),
        (Daily(3, 30), "2026-03-28T09:00:00+00:00", "2026-03-29T01:30:00+00:00"),
        (Daily(2, 30), "2026-10-24T09:00:00+00:00", "2026-10-25T00:30:00+00:00"),
        (Daily(2, 30), "2026-10-25T00:30:00+00:00", "2026-10-26T01:30:00+00:00"),
        (Daily(4, 0, weekday=1), "2026-03-03T09:00:00+00:00", "2026-03-09T03:00:00+00:00"),
    ],
)
def test_a_rhythm_says_when_it_comes_next(rhythm: Every | Daily, now: str, following: str) -> None:
    at = rhythm.following(datetime.fromisoformat(now), PARIS)
    assert at == datetime.fromisoformat(following)


def test_what_fails_is_in_plan_and_journal(warehouse: Settings) -> None:
    def does(settings: Settings, clock: Clock) -> str:
        raise TransientError("la source ne répond pas")

    task = Task("essai", "Essai", Every(timedelta(minutes=1)), does)
    with connect(warehouse) as conn:
        keep_plan(conn, [task], NOW)
        for failures in (1, 2):
            with pytest.raises(TransientError):
                perform(warehouse, FixedClock(NOW), task)
            [one] = planned_work(conn)
            assert (one.status, one.failures, one.said) == (
                "failed", failures, "la source ne répond pas",
            )  # fmt: skip
        events = conn.execute("SELECT error_code FROM journal.event").fetchall()
    assert events == [("job_failed",)] * 2


def test_every_planned_work_runs_on_an_empty_warehouse(warehouse: Settings) -> None:
    for task in TASKS:
        assert perform(warehouse, FixedClock(datetime.now(UTC)), task)


def test_the_worker_does_what_is_due_and_each_lock_one_at_a_time(warehouse: Settings) -> None:
    under_way: list[str] = []
    most: list[int] = []
    done: list[str] = []

    def slow(name: str) -> Callable[[Settings, Clock], str]:
        def does(settings: Settings, clock: Clock) -> str:
            under_way.append(name)
            most.append(len(under_way))
            time.sleep(0.4)
            under_way.remove(name)
            done.append(name)
            return name

        return does

    every = Every(timedelta(hours=1))
    tasks = [Task(f"essai_{n}", "Essai", every, slow(f"essai_{n}"), "one") for n in range(3)]

    async def live() -> None:
        worker = Worker(warehouse, tasks=tasks)
        running = asyncio.create_task(worker.run())
        for _ in range(150):
            await asyncio.sleep(0.1)
            if len(done) == 3:
                break
        worker.ending.set()
        await running

    asyncio.run(live())
    assert sorted(done) == ["essai_0", "essai_1", "essai_2"]
    assert max(most) == 1
    with connect(warehouse) as conn:
        assert {one.status for one in planned_work(conn)} == {"done"}
        assert [one.process for one in signs_of_life(conn)] == ["worker"]


def test_the_settings_of_a_process_are_those_of_its_parent(
    warehouse: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = environment_of(warehouse)
    own = {name: value for name, value in environment.items() if name.startswith("SHOPNOW_")}
    assert load_settings(environ=own) == warehouse


def test_a_killed_worker_leaves_nothing_undone(warehouse: Settings) -> None:
    command = [sys.executable, "-m", "shopnow.jobs", "worker"]
    environment = environment_of(warehouse)

    def statuses() -> dict[str, str | None]:
        with connect(warehouse) as conn:
            return {one.task: one.status for one in planned_work(conn)}

    first = subprocess.Popen(command, env=environment, cwd=warehouse.home)
    try:
        until(lambda: "done" in statuses().values())
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    with connect(warehouse) as conn:
        # As if it had died in the middle of a job.
        conn.execute("UPDATE jobs.plan SET next_at = now()")
    second = subprocess.Popen(command, env=environment, cwd=warehouse.home)
    try:
        until(lambda: set(statuses().values()) == {"done"})
    finally:
        second.terminate()
        assert second.wait(20) == 0


def test_staff_reads_the_plan_and_changes_nothing(warehouse: Settings) -> None:
    with connect(warehouse) as conn:
        keep_plan(conn, TASKS, NOW)
    with connect(warehouse, "shopnow_operator") as conn:
        assert len(planned_work(conn)) == len(TASKS)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("UPDATE jobs.plan SET next_at = now()")


def test_the_worker_takes_the_place_of_a_silent_watchdog(warehouse: Settings) -> None:
    now = datetime.now(UTC)
    worker = Worker(warehouse)
    with connect(warehouse) as conn:
        record_event(conn, Event(now, "essai", "technique", "ERROR", "essai", "load_broken"))
        beat(conn, "watchdog", now, now)
        worker._stand_in_for_watchdog(conn, now + timedelta(seconds=60))
        assert list_episodes(conn) == []
        worker._stand_in_for_watchdog(conn, now + timedelta(seconds=91))
        assert "erreur-technique" in [one.rule for one in list_episodes(conn)]


def test_the_plan_answers_the_senders(first_day: Settings, tmp_path: Path) -> None:
    source = first_day.home / "sources" / "platform" / "bazar-products.yaml"
    folder = tmp_path / "answers"
    folder.mkdir()
    with source.open("a", encoding="utf-8") as text:
        text.write(f'answer: {{drop: {{url: "{folder}"}}, formats: [csv]}}\n')
    [task] = [one for one in TASKS if one.name == "answer_senders"]
    clock = FixedClock(marketplace.NOON + timedelta(minutes=5))
    assert task.does(first_day, clock) == "1 réponses envoyées, 0 en échec"
    assert list(folder.iterdir())
    assert task.does(first_day, clock) == "0 réponses envoyées, 0 en échec"
