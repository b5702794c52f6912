"""A watched warehouse on which something is broken: who is told, how soon, how often, and the end.

The watchdog's rounds are real; between two of them the clock is put forward, so that an hour of
calm is not waited for.  What is measured is therefore the time that passes for the watchdog.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from shopnow.alerts import list_episodes, load_channels, load_rules
from shopnow.deliverables import Measured, write_evidence
from shopnow.desk import list_tickets, load_agreement
from shopnow.jobs import Watchdog
from shopnow.jobs.watchdog import ROUND_SECONDS
from shopnow.kernel import SystemClock, connect

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mailbox import Mailbox
    from tests.receivers import Receiver

    from shopnow.alerts import Rule
    from shopnow.desk import Ticket
    from shopnow.kernel import Settings

EVIDENCE = Path(__file__).parents[3] / "build" / "evidence"
# After a minute of rounds the end of an alert is waited for in larger steps.
_CLOSELY = 6
_STEPS_OF_CALM = 20
_LONGEST = timedelta(hours=6)


class Skipping:
    """A clock that goes on by itself and can be put forward: nobody waits in a test."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        """The time of the world, and what was skipped."""
        return datetime.now(UTC) + self.ahead


@dataclass
class Scene:
    """One watchdog over a warehouse, with its three receivers."""

    settings: Settings
    mail: Mailbox
    teams: Receiver
    sms: Receiver
    clock: Skipping = field(default_factory=Skipping)
    # What goes on between two rounds.
    meanwhile: Callable[[], None] = field(default=lambda: None)
    dog: Watchdog = field(init=False)

    def __post_init__(self) -> None:
        self.dog = Watchdog(self.settings, self.clock)

    def rule(self, name: str) -> Rule:
        """A declared rule."""
        return load_rules(self.settings)[name]

    def told(self, rule: str, kind: str = "") -> dict[str, int]:
        """How many messages of a kind each channel had about a rule."""
        words = f"[{self.rule(rule).priority}] {kind}{self.rule(rule).title}"
        return {
            "courriel": sum(words in str(one.parsed["Subject"]) for one in self.mail.messages),
            "teams": sum(words in str(one.json) for one in self.teams.calls),
            "sms": sum(words in str(one.json) for one in self.sms.calls),
        }

    def routed(self, rule: str, *, without: str = "") -> dict[str, int]:
        """One message on each channel that the priority of a rule uses, none on the others."""
        channels = load_channels(self.settings).route(self.rule(rule).priority, "opened")
        return {name: int(name in channels and name != without)
                for name in ("courriel", "teams", "sms")}  # fmt: skip

    def rounds(self, number: int = 1, step: float = ROUND_SECONDS) -> None:
        """Let the watchdog look, each time after a while."""
        for _ in range(number):
            self.clock.ahead += timedelta(seconds=step)
            self.meanwhile()
            self.dog.look()

    def until(self, reached: Callable[[], bool], calm: timedelta = timedelta()) -> timedelta:
        """Let the watchdog look until that is so, the more seldom the longer; how long it took."""
        seldom = max(ROUND_SECONDS, calm.total_seconds() / _STEPS_OF_CALM)
        began, number = self.clock.now(), 0
        while not reached():
            passed = self.clock.now() - began
            assert passed < _LONGEST, "it did not come about"
            self.rounds(step=ROUND_SECONDS if number < _CLOSELY else seldom)
            number += 1
        return self.clock.now() - began

    def tickets(self, rule: str) -> list[Ticket]:
        """The tickets of the alerts of a rule."""
        with connect(self.settings) as conn:
            found = {one.fingerprint for one in list_episodes(conn, everything=True, rule=rule)}
            return [one for name in found for one in list_tickets(conn, fingerprint=name)]


@dataclass
class Fault:
    """What was measured of one fault, for the evidence."""

    scene: Scene
    rule: str
    what: str
    without: str = ""

    def is_told(self) -> timedelta:
        """Wait for the message: on the right channels, once, within its promise."""
        scene, wanted = self.scene, self.scene.routed(self.rule, without=self.without)
        passed = scene.until(lambda: scene.told(self.rule) == wanted)
        assert passed <= self.promise
        return passed

    def is_told_once(self) -> None:
        """Nobody is told again while it goes on; there is one ticket, with its runbook."""
        scene = self.scene
        scene.rounds(6)
        assert scene.told(self.rule) == scene.routed(self.rule, without=self.without)
        [ticket] = scene.tickets(self.rule)
        rule = scene.rule(self.rule)
        assert (ticket.priority, ticket.runbook) == (rule.priority, rule.runbook)
        assert ticket.state == "assigned"

    def is_over(self) -> timedelta:
        """Wait until people are told of the end, once; the ticket is resolved."""
        scene, wanted = self.scene, self.scene.routed(self.rule)
        calm = scene.rule(self.rule).clear
        passed = scene.until(lambda: scene.told(self.rule, "RÉTABLI : ") == wanted, calm)
        scene.rounds(3)
        assert scene.told(self.rule, "RÉTABLI : ") == wanted
        assert scene.told(self.rule) == scene.routed(self.rule, without=self.without)
        [ticket] = scene.tickets(self.rule)
        assert ticket.state in ("resolved", "closed")
        return passed

    @property
    def promise(self) -> timedelta:
        """Within how much people are told at the latest."""
        within = load_agreement(self.scene.settings.tz).told_within
        return within[self.scene.rule(self.rule).priority]

    def write(self, name: str, told: timedelta, over: timedelta) -> None:
        """Write what was measured."""
        routed = self.scene.routed(self.rule, without=self.without)
        channels = [channel for channel, count in routed.items() if count]
        write_evidence(
            EVIDENCE / f"C16-03-{name}.json",
            criterion="C16-03",
            command=f"pytest tests/integration/jobs/test_promises.py -k {name.replace('-', '_')}",
            figures=[
                Measured("seconds", round(told.total_seconds(), 1), "s",
                         f"{self.what} : délai du message"),
                Measured("promise", self.promise.total_seconds(), "s", "Délai promis"),
                Measured("messages", max(self.scene.told(self.rule).values()), "message",
                         "Messages par canal"),
                Measured("tickets", len(self.scene.tickets(self.rule)), "ticket", "Tickets"),
                Measured("recovery", round(over.total_seconds(), 1), "s",
                         "De la réparation au message de rétablissement"),
                Measured("calm", self.scene.rule(self.rule).clear.total_seconds(), "s",
                         "dont le calme que la règle demande"),
            ],
            measured_at=SystemClock().now(),
            conditions={
                "canaux": ", ".join(channels),
                "récepteurs": "SMTP avec TLS, HTTPS Teams, HTTPS SMS",
                "horloge": "rondes de 10 s avancées, sans attente",
            },
        )  # fmt: skip
