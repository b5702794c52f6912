"""The journal as lines for collectors: each event once, a file a day, old days gone."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shopnow.jobs import TASKS
from shopnow.journal import Event, record_event, seal_minutes, write_lines
from shopnow.kernel import FixedClock, Home, SystemClock, connect

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration


def say(settings: Settings, *messages: str) -> None:
    with connect(settings) as conn:
        for one in messages:
            now = SystemClock().now()
            record_event(conn, Event(now, "essai", "technique", "INFO", one, "answer_made"))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def closed(settings: Settings, minutes: int) -> datetime:
    """Close the minutes up to so many from now."""
    clock = FixedClock(SystemClock().now() + timedelta(minutes=minutes))
    return seal_minutes(settings, clock).sealed_until


def test_each_event_becomes_one_line_once_its_minute_is_closed(warehouse: Settings) -> None:
    file = Home(warehouse.home).log_file
    say(warehouse, "un", "deux")
    upto = closed(warehouse, 10)
    assert write_lines(warehouse, upto) == 2
    assert write_lines(warehouse, upto) == 0
    say(warehouse, "trois")
    # Its minute is open: the journal dates it after the closed ones.
    assert write_lines(warehouse, upto) == 0
    assert write_lines(warehouse, closed(warehouse, 20)) == 1
    found = lines(file)
    assert [one["message"] for one in found] == ["un", "deux", "trois"]
    assert found[0].keys() == {"ts", "level", "type", "source", "message", "error_code",
                               "event_no"}  # fmt: skip
    assert oct(file.with_suffix(".upto").stat().st_mode & 0o777) == "0o600"


def test_a_day_has_its_file_and_old_days_go(warehouse: Settings) -> None:
    file = Home(warehouse.home).log_file
    say(warehouse, "hier")
    upto = closed(warehouse, 5)
    write_lines(warehouse, upto)
    old = file.with_name(f"shopnow-{upto.date() - timedelta(days=20)}.jsonl")
    old.write_text("", encoding="utf-8")
    before = (upto - timedelta(days=1)).timestamp()
    os.utime(file, (before, before))
    say(warehouse, "aujourd'hui")
    write_lines(warehouse, closed(warehouse, 15))
    assert [one["message"] for one in lines(file)] == ["aujourd'hui"]
    aside = file.with_name(f"shopnow-{(upto - timedelta(days=1)).date()}.jsonl")
    assert [one["message"] for one in lines(aside)] == ["hier"]
    assert not old.exists()


def test_the_plan_writes_them(warehouse: Settings) -> None:
    say(warehouse, "du plan")
    [task] = [one for one in TASKS if one.name == "watch_accesses"]
    clock = FixedClock(SystemClock().now() + timedelta(minutes=10))
    assert "lignes pour les collecteurs" in task.does(warehouse, clock)
    said = [one["message"] for one in lines(Home(warehouse.home).log_file)]
    assert "du plan" in said
