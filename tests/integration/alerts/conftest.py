"""Alerts on a real warehouse, told to real receivers on the loopback."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.mailbox import open_mailbox
from tests.receivers import open_receiver

from shopnow.alerts import channels_file, load_judge, watch_once
from shopnow.journal import Event, record_event
from shopnow.kernel import connect, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg
    from tests.mailbox import Mailbox
    from tests.receivers import Receiver

    from shopnow.alerts import Judge, Sign, Watched
    from shopnow.kernel import Settings


@dataclass
class Tower:
    """A warehouse that is watched: time goes on only when a test says so."""

    settings: Settings
    conn: psycopg.Connection
    mail: Mailbox
    teams: Receiver
    sms: Receiver
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    judge: Judge | None = None

    def after(self, **length: float) -> Tower:
        """Let time pass."""
        self.now += timedelta(**length)
        return self

    def watch(self, *signals: Sign) -> Watched:
        """Do one round."""
        if self.judge is None:
            judge = load_judge(self.settings)
            # An empty warehouse has indicators without data: those are another test's.
            kept = {name: rule for name, rule in judge.rules.items()
                    if not rule.indicator or name == "disque-plein"}  # fmt: skip
            self.judge = replace(judge, rules=kept, indicators={})
        judge = self.judge
        return watch_once(self.conn, self.settings, self.now, judge=judge, signals=signals)

    def happens(self, code: str, *, times: int = 1, level: str = "ERROR", type_: str = "technique",
                seller_no: int | None = None) -> None:  # fmt: skip
        """Let something happen in the journal."""
        event = Event(self.now, "essai", type_, level, f"essai {code}", code, seller_no)  # type: ignore[arg-type]
        with self.conn.transaction():
            for _ in range(times):
                record_event(self.conn, event)

    @property
    def told(self) -> dict[str, int]:
        """How many messages each channel has had."""
        return {"courriel": len(self.mail.messages), "teams": len(self.teams.calls),
                "sms": len(self.sms.calls)}  # fmt: skip

    @property
    def subjects(self) -> list[str]:
        """Subjects of the mails."""
        return [str(one.parsed["Subject"]) for one in self.mail.messages]

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Ask the database."""
        return self.conn.execute(statement).fetchall()


def own_secrets(settings: Settings) -> None:
    """Give a home its own folder of secrets: the channels in it are one test's."""
    secrets = settings.home / "secrets"
    shared = secrets.resolve()
    secrets.unlink()
    secrets.mkdir(mode=0o700)
    for file in shared.iterdir():
        (secrets / file.name).symlink_to(file)


def declare_channels(settings: Settings, mail: Mailbox, teams: Receiver, sms: Receiver) -> Path:
    """Write the channels of a home: SMS, Teams and mail, on the loopback."""
    address = f"{mail.user}:{mail.password}@{mail.host}:{mail.port}"
    text = {
        "channels": {
            "sms": {"url": f"jsons://{sms.base}/sms?verify=yes", "short": True},
            "teams": {"url": f"workflow://{teams.base}/flux/signature?image=no"},
            "courriel": {
                "url": f"mailtos://{address}?mode=starttls&from=alertes@shopnow.test"
                "&to=equipe@shopnow.test"
            },
        },
        "routes": {"P1": ["sms", "teams", "courriel"], "P2": ["teams", "courriel"],
                   "P3": ["courriel"]},
        "escalation": ["sms", "courriel"],
        "fallback": {"sms": "courriel", "teams": "courriel", "courriel": "teams"},
        "digest": ["courriel"],
    }  # fmt: skip
    path = channels_file(settings)
    write_private(path, json.dumps(text))
    return path


@pytest.fixture
def tower(warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tower]:
    """Give a watched warehouse with its three receivers."""
    own_secrets(warehouse)
    with (
        open_mailbox(tmp_path / "mail") as mail,
        open_receiver(tmp_path / "https") as teams,
        open_receiver(tmp_path / "https", answer=201) as sms,
        connect(warehouse) as conn,
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(mail.ca_file))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(teams.ca_file))
        declare_channels(warehouse, mail, teams, sms)
        yield Tower(warehouse, conn, mail, teams, sms)
