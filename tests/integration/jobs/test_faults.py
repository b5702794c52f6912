"""Faults injected for real: who is told, how often, how soon, and whether the end is noticed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shopnow.alerts import list_episodes
from shopnow.deliverables import Measured, write_evidence
from shopnow.desk import list_tickets
from shopnow.jobs import (
    Watchdog,
    beat,
    environment_of,
    is_supervised,
    signs_of_life,
    start_supervisor,
    stop_supervisor,
    supervised,
)
from shopnow.journal import Event, record_event
from shopnow.kernel import ShopnowError, SystemClock, connect
from shopnow.kernel.server import Server, open_warehouse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mailbox import Mailbox
    from tests.receivers import Receiver

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

EVIDENCE = Path(__file__).parents[3] / "build" / "evidence"
Told = tuple["Mailbox", "Receiver", "Receiver"]


class Skipping:
    """A clock that goes on by itself and can be put forward: nobody waits in a test."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def until(condition: Callable[[], bool], seconds: float = 40) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not come about"
        time.sleep(0.2)
    return time.monotonic() - began


def counts(told: Told) -> tuple[int, int, int]:
    """How often each channel heard of the database."""
    mail, teams, sms = told
    word = "Base injoignable"
    return (
        sum(word in str(one.parsed["Subject"]) for one in mail.messages),
        sum(word in str(one.json) for one in teams.calls),
        sum(word in str(one.json) for one in sms.calls),
    )


def test_a_database_that_is_killed_is_told_once_and_its_return_too(
    own_server: Settings, told: Told
) -> None:
    clock = Skipping()
    dog = Watchdog(own_server, clock)
    dog.look()
    Server(own_server).kill()
    began = time.monotonic()
    until(lambda: dog.look() is None)
    assert counts(told) == (0, 0, 0)
    clock.ahead += timedelta(seconds=21)
    assert dog.look() is None
    noticed = time.monotonic() - began
    assert counts(told) == (1, 1, 1)
    # Nobody is told again, also not by a watchdog that was started anew.
    clock.ahead += timedelta(seconds=60)
    assert Watchdog(own_server, clock).look() is None
    assert counts(told) == (1, 1, 1)
    text = told[0].messages[0].parsed.get_body(("plain",))
    assert text is not None
    assert "docs/exploitation/base-injoignable.md" in text.get_content()
    open_warehouse(own_server)
    dog.look()
    with connect(own_server) as conn:
        [alert] = list_episodes(conn, rule="base-injoignable")
        [ticket] = list_tickets(conn, fingerprint=alert.fingerprint)
        assert (ticket.priority, alert.ticket_no) == ("P1", ticket.ticket_no)
    for _ in range(2):
        clock.ahead += timedelta(seconds=35)
        dog.look()
    with connect(own_server) as conn:
        [ticket] = list_tickets(conn, fingerprint=alert.fingerprint)
    assert ticket.state == "resolved"
    assert counts(told) == (2, 2, 2)
    assert "RÉTABLI" in str(told[0].messages[-1].parsed["Subject"])
    write_evidence(
        EVIDENCE / "C16-03-base-injoignable.json",
        criterion="C16-03",
        command="pytest tests/integration/jobs/test_faults.py",
        figures=[
            # Two rounds of ten seconds and the twenty seconds that it has to last.
            Measured("seconds", 20 + 10 + noticed, "s", "Base tuée : délai de l'alerte, au plus"),
            Measured("messages", 1, "messages", "Messages par canal"),
        ],
        measured_at=SystemClock().now(),
        conditions={
            "canaux": "SMTP avec TLS, HTTPS Teams, HTTPS SMS",
            "faute": "SIGKILL du serveur",
            "calcul": "20 s que la panne doit durer, une ronde de 10 s, et le temps mesuré",
        },
    )


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


def test_a_killed_worker_is_told_once_and_its_return_too(own_server: Settings, told: Told) -> None:
    clock = Skipping()
    dog = Watchdog(own_server, clock)
    worker = _worker(own_server)

    def alive() -> bool:
        with connect(own_server) as conn:
            return any(one.process == "worker" for one in signs_of_life(conn))

    try:
        until(alive)
        dog.look()
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    with connect(own_server) as conn:
        assert list_episodes(conn, rule="travailleur-arrete") == []
    clock.ahead += timedelta(seconds=31)
    dog.look()
    assert _subjects(told, "Travailleur") == 1
    clock.ahead += timedelta(seconds=15)
    dog.look()
    assert _subjects(told, "Travailleur") == 1
    # The supervisor would start another one, which gives signs of life again.
    for _ in range(7):
        clock.ahead += timedelta(seconds=11)
        with connect(own_server) as conn:
            beat(conn, "worker", clock.now(), clock.now())
        dog.look()
    assert _subjects(told, "Travailleur") == 2
    assert _subjects(told, "RÉTABLI : Travailleur") == 1


def test_a_full_quota_is_told(own_server: Settings, told: Told) -> None:
    clock = Skipping()
    small = replace(own_server, disk_quota=64 * 1024**2)
    dog = Watchdog(small, clock)
    dog.look()
    assert _subjects(told, "Disque") == 1
    with connect(own_server) as conn:
        [alert] = list_episodes(conn, rule="disque-plein")
        assert alert.value is not None
        assert alert.value > 90
    clock.ahead += timedelta(seconds=61)
    dog.settings = own_server
    for _ in range(6):
        dog.look()
        clock.ahead += timedelta(seconds=61)
    dog.look()
    assert _subjects(told, "RÉTABLI : Disque") == 1


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


def _worker(settings: Settings) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "shopnow.jobs", "worker"]
    return subprocess.Popen(command, env=environment_of(settings), cwd=settings.home)


def _subjects(told: Told, word: str) -> int:
    return sum(word in str(one.parsed["Subject"]) for one in told[0].messages)


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
