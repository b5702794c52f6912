"""Faults injected for real: who is told, how often, how soon, and whether the end is noticed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shopnow.deliverables import Measured, write_evidence
from shopnow.jobs import (
    environment_of,
    is_supervised,
    signs_of_life,
    start_supervisor,
    stop_supervisor,
    supervised,
)
from shopnow.journal import Event, record_event
from shopnow.kernel import ShopnowError, SystemClock, connect
from shopnow.kernel.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mailbox import Mailbox
    from tests.receivers import Receiver

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

EVIDENCE = Path(__file__).parents[3] / "build" / "evidence"
Told = tuple["Mailbox", "Receiver", "Receiver"]


def until(condition: Callable[[], bool], seconds: float = 40) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not come about"
        time.sleep(0.2)
    return time.monotonic() - began


def test_an_error_reaches_people_within_a_minute(own_server: Settings, told: Told) -> None:
    command = [sys.executable, "-m", "shopnow.jobs", "watchdog"]
    dog = subprocess.Popen(command, env=environment_of(own_server), cwd=own_server.home)

    def watches() -> bool:
        with connect(own_server) as conn:
            return any(one.process == "watchdog" for one in signs_of_life(conn))

    try:
        until(watches)
        with connect(own_server) as conn:
            now = datetime.now(UTC)
            record_event(conn, Event(now, "essai", "technique", "ERROR", "essai", "load_broken"))
        mail, teams, sms = told
        seconds = until(lambda: bool(mail.messages and teams.calls and sms.calls), 60)
    finally:
        dog.terminate()
        assert dog.wait(20) == 0
    assert "Erreur technique" in str(mail.messages[0].parsed["Subject"])
    write_evidence(
        EVIDENCE / "C16-03-erreur.json",
        criterion="C16-03",
        command="pytest tests/integration/jobs/test_faults.py",
        figures=[Measured("seconds", seconds, "s", "Erreur au journal : SMS, Teams et courriel")],
        measured_at=SystemClock().now(),
        conditions={"canaux": "SMTP avec TLS, HTTPS Teams, HTTPS SMS", "veilleur": "processus"},
    )


def test_the_supervisor_starts_again_what_dies_and_ends_when_asked(own_server: Settings) -> None:
    assert start_supervisor(own_server)
    try:
        assert not start_supervisor(own_server)
        until(lambda: _pid(own_server, "worker") is not None)
        first = _pid(own_server, "worker")
        assert first is not None
        os.kill(first, signal.SIGKILL)
        until(lambda: _pid(own_server, "worker") not in (None, first))
        assert supervised(own_server)["processes"]["worker"]["restarts"] == 1
        # The server too is brought back.
        Server(own_server).kill()
        until(lambda: _answers(own_server))
        pids = [one["pid"] for one in supervised(own_server)["processes"].values() if one["pid"]]
    finally:
        assert stop_supervisor(own_server)
    assert not is_supervised(own_server)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def _pid(settings: Settings, name: str) -> int | None:
    found = supervised(settings).get("processes", {}).get(name, {})
    pid = found.get("pid")
    return int(pid) if pid else None


def _answers(settings: Settings) -> bool:
    try:
        connect(settings).close()
    except ShopnowError:
        return False
    return True
