"""What a line of the server's log says about security, and how many lines become one event.

Names that a client typed are kept only when they are those of a role: people type passwords there.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# As `log_line_prefix` says it: time, process, and for a session its name, the number of the line in
# it, its transaction (none outside one), its host, the SQLSTATE.
_RECORD: Final = re.compile(
    r"(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC \[\d+\] "
    r"(?:(?P<session>[0-9a-f]+\.[0-9a-f]+) (?P<line>\d+) (?P<transaction>\S*) (?P<host>\S*) "
    r"(?P<code>[0-9A-Z]{5}) )?"
    r"(?P<level>[A-Z]+):  (?P<text>.*)"
)
_AUTHORIZED: Final = re.compile(
    r"(?:replication )?connection authorized: user=(?P<role>.*?)(?: database=(?P<database>\S+)| |$)"
)
_TYPED_ROLE: Final = re.compile(r'(?:user|role) "(?P<role>.*?)"')
_OBJECT: Final = re.compile(
    r"(?:permission denied for|must be owner of|row-level security policy for) "
    r"(?P<object>(?:materialized view|foreign table|large object|[a-z]+) \"?[\w.]+\"?)"
)
# Authenticated, authorized, as `log_connections` asks: nothing of the client's runs before.
_LINES_OF_A_LOGIN: Final = 2
_STARTED: Final = "starting PostgreSQL"
# Not allowed in at all; allowed in, but not to do this.
_LOGIN_CODES: Final = frozenset({"28000", "28P01", "53300"})
_RIGHT_CODE: Final = "42501"


@dataclass(frozen=True, slots=True)
class Opened:
    """A session was opened."""

    at: datetime
    session: str
    host: str
    role: str
    database: str | None


@dataclass(frozen=True, slots=True)
class Closed:
    """A session ended."""

    session: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The server started: no session of before is left."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody was refused; `role` is what was typed, None when the session says who it is."""

    at: datetime
    session: str
    host: str
    code: str
    role: str | None
    about: str | None


Said = Opened | Closed | Restarted | Refused


def said_by(line: str) -> Said | None:
    """Return what a line of the log says about security, None when it says nothing of it."""
    found = _RECORD.fullmatch(line)
    if found is None:
        return None
    at = datetime.strptime(found["at"], "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC)
    if found["session"] is None:
        return Restarted(at) if found["text"].startswith(_STARTED) else None
    return _noted(at, found) if found["level"] == "LOG" else _refused(at, found)


def _noted(at: datetime, found: re.Match[str]) -> Opened | Closed | None:
    """Return what the server notes of a session; RAISE LOG can say the same, later or inside."""
    opened = _AUTHORIZED.match(found["text"])
    if opened and int(found["line"]) <= _LINES_OF_A_LOGIN:
        return Opened(at, found["session"], found["host"], opened["role"], opened["database"])
    if found["text"].startswith("disconnection:") and not found["transaction"]:
        return Closed(found["session"])
    return None


def _refused(at: datetime, found: re.Match[str]) -> Refused | None:
    session, host, code = found["session"], found["host"], found["code"]
    # RAISE EXCEPTION may take any code, but ends no session.
    if code in _LOGIN_CODES and found["level"] == "FATAL":
        typed = _TYPED_ROLE.search(found["text"])
        return Refused(at, session, host, code, typed["role"] if typed else None, None)
    if code == _RIGHT_CODE:
        about = _OBJECT.search(found["text"])
        what = about["object"].replace('"', "") if about else None
        return Refused(at, session, host, code, None, what)
    return None


@dataclass(frozen=True, slots=True)
class Fact:
    """What is counted together: one minute, role, host and outcome; role None is no known role."""

    minute_at: datetime
    role: str | None
    host: str
    # Empty for a connection that was opened.
    code: str
    database: str | None
    about: str | None


@dataclass
class Tally:
    """What the log said in one reading: facts counted, the last time of each, open sessions."""

    counts: Counter[Fact]
    last_at: dict[Fact, datetime]
    opened: dict[str, Opened]
    closed: set[str]
    restarted_at: datetime | None = None


def tally(said: Iterable[Said], roles: frozenset[str], sessions: Mapping[str, str]) -> Tally:
    """Count what was said; `sessions` leads from sessions opened before to their roles."""
    done = Tally(Counter(), {}, {}, set())
    for one in said:
        if isinstance(one, Restarted):
            done.restarted_at = one.at
            done.opened.clear()
        elif isinstance(one, Closed):
            done.closed.add(one.session)
        elif isinstance(one, Opened):
            done.opened[one.session] = one
            _count(done, Fact(_minute(one.at), one.role, one.host, "", one.database, None), one.at)
        else:
            role = _who(one, done, sessions)
            known = role if role in roles else None
            fact = Fact(_minute(one.at), known, one.host, one.code, None, one.about)
            _count(done, fact, one.at)
    return done


def _who(one: Refused, done: Tally, sessions: Mapping[str, str]) -> str | None:
    opened = done.opened.get(one.session)
    if opened is not None:
        return opened.role
    return sessions.get(one.session) or one.role


def _count(done: Tally, fact: Fact, at: datetime) -> None:
    done.counts[fact] += 1
    done.last_at[fact] = max(at, done.last_at.get(fact, at))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
