"""The watchdog: a process of its own that looks, every ten seconds, whether all is well.

It depends on nothing that it watches: when the database does not answer it keeps its notes in a
file of the home and tells people itself; when it answers again, alert and ticket are written.
"""

from __future__ import annotations

import json
import logging
import signal
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import psycopg

from shopnow.alerts import (
    Episode,
    Sign,
    adopt,
    body_of,
    load_channels,
    load_judge,
    send,
    title_of,
    watch_once,
)
from shopnow.jobs.plan import beat
from shopnow.kernel import ShopnowError, SystemClock, connect, write_private

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.alerts import Judge, Watched
    from shopnow.kernel import Clock, Settings

ROUND_SECONDS: Final = 10.0
_RULE: Final = "base-injoignable"
_LOG = logging.getLogger(__name__)


@dataclass
class Outage:
    """The database does not answer: since when, and who was told when (by channel)."""

    since: datetime
    told: dict[str, datetime] = field(default_factory=dict)

    def as_json(self) -> str:
        """The notes that outlive this process."""
        told = {name: at.isoformat() for name, at in self.told.items()}
        return json.dumps({"since": self.since.isoformat(), "told": told})

    @classmethod
    def from_json(cls, text: str) -> Outage:
        """Read the notes of an earlier process."""
        content: dict[str, Any] = json.loads(text)
        told = {name: datetime.fromisoformat(at) for name, at in content["told"].items()}
        return cls(datetime.fromisoformat(content["since"]), told)


@dataclass
class Watchdog:
    """One watchdog; `look` is one round."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    judge: Judge | None = None
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def notes(self) -> Path:
        """The file that says that the database does not answer; absent while it does."""
        return self.settings.home / "run" / "outage.json"

    def look(self) -> Watched | None:
        """Do one round; None when the database does not answer."""
        # Declarations and channels may change while it runs; a broken file must not blind it.
        try:
            self.judge = load_judge(self.settings)
        except ShopnowError as error:
            if self.judge is None:
                raise
            _LOG.warning("declarations not read: %s", error.message)
        now = self.clock.now()
        try:
            with connect(self.settings, application_name="shopnow watchdog") as conn:
                self._write_down(conn, self.judge, now)
                watched = watch_once(conn, self.settings, now, judge=self.judge)
                beat(conn, "watchdog", self.started_at, now)
        except (psycopg.OperationalError, ShopnowError) as error:
            _LOG.warning("the database does not answer: %s", type(error).__name__)
            self._tell(self.judge, now)
            return None
        return watched

    def run(self) -> None:
        """Look every ten seconds until asked to end."""
        ending = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ending.set())
        while not ending.is_set():
            try:
                self.look()
            except Exception:  # noqa: BLE001 — see below
                # Whatever went wrong in one round: a watchdog that dies watches nothing.
                _LOG.exception("a round of watching failed")
            ending.wait(ROUND_SECONDS)

    def _tell(self, judge: Judge, now: datetime) -> None:
        """Tell people ourselves once it has lasted; each channel until it took the message."""
        outage = self._outage() or Outage(now)
        rule = judge.rules[_RULE]
        if now - outage.since >= rule.lasting:
            episode = self._episode(judge, outage, now)
            title = title_of(rule, "opened", [episode])
            body = body_of(rule, "opened", [episode], judge.zone)
            channels = load_channels(self.settings)
            for name in channels.route(rule.priority, "opened"):
                if name not in outage.told and send(channels.by_name[name], title, body):
                    outage.told[name] = now
        self.notes.parent.mkdir(exist_ok=True, mode=0o700)
        write_private(self.notes, outage.as_json())

    def _write_down(self, conn: psycopg.Connection, judge: Judge, now: datetime) -> None:
        """What happened while the database was away becomes an alert with its ticket."""
        outage = self._outage()
        if outage is None:
            return
        if now - outage.since >= judge.rules[_RULE].lasting:
            adopt(conn, judge, self._episode(judge, outage, now), now)
        self.notes.unlink(missing_ok=True)

    def _episode(self, judge: Judge, outage: Outage, now: datetime) -> Episode:
        rule, sign = judge.rules[_RULE], Sign(_RULE, "", "la base de données ne répond pas")
        return Episode(
            sign.fingerprint, _RULE, "", rule.priority, "firing", sign.message,
            since=outage.since, last_at=now, occurrences=1,
            fired_at=outage.since + rule.lasting,
            notified_at=min(outage.told.values(), default=None),
        )  # fmt: skip

    def _outage(self) -> Outage | None:
        try:
            return Outage.from_json(self.notes.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, KeyError):
            # Notes that were cut off: it does not answer, since about now.
            return Outage(self.clock.now())
