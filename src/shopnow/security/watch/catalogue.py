"""The watch of the catalogue: what changed in roles, rights, policies, settings since last time.

Not a login or event trigger: a failing one locks everybody out, and a superuser passes it by. A
comparison sees what is so, whoever made it so and however; not who, unless a command of ours says.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shopnow.journal import Event, record_event
from shopnow.kernel import Sql
from shopnow.kernel.server import Server
from shopnow.security.watch.passwords import password_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import psycopg

    from shopnow.kernel import Settings

SQL = Sql(__package__)
SOURCE: Final = "security.watch"
# More differences of a kind than this are told together, this many an event.
_ALONE: Final = 50
_TOGETHER: Final = 500
# Who may connect how, and what somebody set with ALTER SYSTEM.
_FILES: Final = ("pg_hba.conf", "pg_ident.conf", "postgresql.auto.conf")
_WORDS: Final = {"INSERT": "ajouté", "UPDATE": "modifié", "DELETE": "retiré"}
_KINDS_FR: Final = {
    "role": "rôle",
    "password": "mot de passe",
    "membership": "appartenance",
    "role setting": "réglage de rôle",
    "grant": "droit",
    "relation": "protection de table ou de vue",
    "policy": "règle de lignes",
    "function": "fonction",
    "trigger": "déclencheur",
    "event trigger": "déclencheur d'événement",
    "extension": "extension",
    "server setting": "réglage du serveur",
    "server file": "fichier du serveur",
    "migration": "migration",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that is not as last seen; `before` or `after` is None where there is none."""

    action: str
    kind: str
    object: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CatalogueSeen:
    """What one comparison found; the first one finds nothing, it only keeps what it sees."""

    first: bool
    differences: tuple[Difference, ...]


def watch_catalogue(
    connection: psycopg.Connection, settings: Settings, at: datetime, *, said_by: str | None = None
) -> CatalogueSeen:
    """Compare the catalogue with the last time, keep it, write the differences as events.

    `said_by` names the command of ours that has just made them, so that they are no alarm; a
    migration among them explains the others too.
    """
    files = _file_facts(settings)
    with connection.transaction():
        connection.execute(SQL["catalogue_lock"])
        row = connection.execute(SQL["catalogue_known"]).fetchone()
        first, knows_passwords = not (row and row[0]), bool(row and row[1])
        # Under the lock: what two passes read must not be kept in another order.
        passwords = password_facts(settings)
        values = {
            "seen_at": at,
            "file_names": [name for name, _ in files],
            "file_facts": [fact for _, fact in files],
            "password_roles": [role for role, _ in passwords or ()],
            "password_facts": [imprint for _, imprint in passwords or ()],
            "passwords_read": passwords is not None,
        }
        rows = connection.execute(SQL["catalogue_compare"], values).fetchall()
        if first:
            record_event(connection, _baseline(len(rows), at))
            return CatalogueSeen(first, ())
        differing = (Difference(*row) for row in rows)
        # A warehouse of an older version never looked at passwords: seen first is not changed.
        new = (one for one in differing if knows_passwords or one.kind != "password")
        found = tuple(sorted(new, key=_order))
        if said_by is None:
            said_by = next((one.object for one in found if one.kind == "migration"), None)
        for event in _events(found, at, said_by):
            record_event(connection, event)
    return CatalogueSeen(first, found)


def _order(one: Difference) -> tuple[str, str, str]:
    return one.kind, one.action, one.object


def _file_facts(settings: Settings) -> list[tuple[str, str]]:
    """Return the digests of the files that rule access, of a server of ours."""
    data = Server(settings).status().data if settings.embedded else None
    if data is None:
        return []
    paths = [data / name for name in _FILES]
    return [
        (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in paths
        if path.is_file()
    ]


def _events(found: Sequence[Difference], at: datetime, said_by: str | None) -> Iterator[Event]:
    groups: dict[tuple[str, str], list[Difference]] = defaultdict(list)
    for one in found:
        groups[one.kind, one.action].append(one)
    for (kind, action), ones in groups.items():
        size = 1 if len(ones) <= _ALONE else _TOGETHER
        for start in range(0, len(ones), size):
            yield _event(kind, action, ones[start : start + size], at, said_by)


def _event(
    kind: str, action: str, ones: Sequence[Difference], at: datetime, said_by: str | None
) -> Event:
    word = f"{_KINDS_FR.get(kind, kind)} {_WORDS[action]}"
    payload: dict[str, object] = {"kind": kind, "action": action.lower(), "said_by": said_by}
    if len(ones) == 1:
        one = ones[0]
        message = f"{word} : {one.object}"
        payload |= {"object": one.object, "before": one.before, "after": one.after}
    else:
        message = f"{word} : {len(ones)} objets"
        payload |= {"objects": [one.object for one in ones]}
    # Nobody of ours said it would: a hand that went past the commands.
    level = "WARNING" if said_by is None else "INFO"
    return Event(at, SOURCE, "securite", level, message, "catalogue_changed", payload=payload)  # type: ignore[arg-type]


def _baseline(count: int, at: datetime) -> Event:
    message = f"catalogue de sécurité relevé pour la première fois : {count} faits"
    return Event(at, SOURCE, "securite", "INFO", message, "catalogue_first_seen")
