"""The tail of the server's log: connections and refusals become events of the journal, once each.

What was read is noted in the transaction that writes the events: a crash reads again, and says
nothing twice. Counted by minute, role, host and outcome, so that somebody who knocks a million
times fills neither the journal nor the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shopnow.journal import Event, record_event
from shopnow.kernel import Sql
from shopnow.kernel.server import Server
from shopnow.security.watch.files import Position, Reading, read_on
from shopnow.security.watch.model import Fact, Tally, said_by, tally

if TYPE_CHECKING:
    from datetime import datetime

    import psycopg

    from shopnow.kernel import Settings

SQL = Sql(__package__)
SOURCE: Final = "postgresql"
# The server begins each file anew a week later; what was not read by then is gone.
_KEPT_FOR: Final = timedelta(days=6)
_NOBODY: Final = "inconnu"


@dataclass(frozen=True, slots=True)
class LogRead:
    """What one reading did; `reachable` is False where the log is not on this machine."""

    reachable: bool
    lines: int = 0
    connections: int = 0
    refusals: int = 0
    events: int = 0


def read_server_log(connection: psycopg.Connection, settings: Settings, at: datetime) -> LogRead:
    """Write the events of what the server's log gained since the last reading.

    One transaction: what was read and what it says stand or fall together.
    """
    folder = Server(settings).log_folder() if settings.embedded else None
    if folder is None or not folder.is_dir():
        return LogRead(reachable=False)
    lines = connections = refusals = events = 0
    with connection.transaction():
        connection.execute(SQL["log_lock"])
        known, latest = _positions(connection)
        if latest is not None and at - latest > _KEPT_FOR:
            record_event(connection, _gap(latest, at))
            events += 1
        roles = frozenset(name for (name,) in connection.execute(SQL["role_names"]))
        for reading in read_on(folder, known):
            done = _take_in(connection, reading, roles, at)
            lines += len(reading.lines) - 1
            connections += sum(n for fact, n in done.counts.items() if not fact.code)
            refusals += sum(n for fact, n in done.counts.items() if fact.code)
            events += len(done.counts)
    return LogRead(
        reachable=True, lines=lines, connections=connections, refusals=refusals, events=events
    )


def _positions(
    connection: psycopg.Connection,
) -> tuple[dict[str, Position], datetime | None]:
    rows = connection.execute(SQL["log_positions"]).fetchall()
    known = {name: Position(head, position) for name, head, position, _ in rows}
    return known, max((row[3] for row in rows), default=None)


def _take_in(
    connection: psycopg.Connection, reading: Reading, roles: frozenset[str], at: datetime
) -> Tally:
    sessions: dict[str, str] = dict(connection.execute(SQL["log_sessions"]).fetchall())
    said = (one for line in reading.lines if (one := said_by(line)) is not None)
    done = tally(said, roles, sessions)
    still = [one for name, one in done.opened.items() if name not in done.closed]
    connection.execute(
        SQL["log_sessions_close"],
        {"session_ids": sorted(done.closed), "restarted_at": done.restarted_at},
    )
    connection.execute(
        SQL["log_sessions_open"],
        {
            "session_ids": [one.session for one in still],
            "role_names": [one.role for one in still],
            "opened_ats": [one.at for one in still],
        },
    )
    for fact, count in done.counts.items():
        record_event(connection, _event(fact, count, done.last_at[fact]))
    connection.execute(
        SQL["log_position_keep"],
        {
            "file_name": reading.file_name,
            "head": reading.now.head,
            "position": reading.now.position,
            "read_at": at,
        },
    )
    return done


def _event(fact: Fact, count: int, last_at: datetime) -> Event:
    payload = {"role": fact.role, "host": fact.host, "count": count}
    who = fact.role or _NOBODY
    if not fact.code:
        payload["database"] = fact.database
        message = f"{count} connexion(s) du rôle {who}"
        return Event(last_at, SOURCE, "securite", "INFO", message, "connection_opened",
                     payload=payload)  # fmt: skip
    payload["sqlstate"] = fact.code
    if fact.code != "42501":
        message = f"{count} connexion(s) refusée(s) au rôle {who}"
        return Event(last_at, SOURCE, "securite", "WARNING", message, "connection_refused",
                     payload=payload)  # fmt: skip
    payload["object"] = fact.about
    message = f"{count} refus de droit au rôle {who}"
    return Event(last_at, SOURCE, "securite", "WARNING", message, "permission_refused",
                 payload=payload)  # fmt: skip


def _gap(latest: datetime, at: datetime) -> Event:
    return Event(
        at,
        SOURCE,
        "securite",
        "WARNING",
        "journal du serveur non lu pendant plus de 6 jours : des lignes ont pu être perdues",
        "server_log_gap",
        payload={"last_read_at": latest.isoformat()},
    )
