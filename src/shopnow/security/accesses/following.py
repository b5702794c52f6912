"""Make the database and the server follow the access ledger, for some accesses or for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shopnow.journal import Event, access_ledger, record_event
from shopnow.kernel import TerminalError, connect
from shopnow.kernel.server import login_verifier
from shopnow.security.accesses.model import Access, fold
from shopnow.security.accesses.serving import (
    TOGETHER,
    Served,
    compare_served,
    password,
    read_served,
    wanted_role,
    web_created,
)
from shopnow.security.accesses.store import SQL, read_map, read_strangers, write_map
from shopnow.security.declared import Finding, load_declaration
from shopnow.security.watch import watch_catalogue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import psycopg
    from psycopg import sql
    from psycopg.rows import TupleRow

    from shopnow.kernel import Clock, Settings
    from shopnow.security.declared import AccessRules

_APPLICATION: Final = "shopnow access"
_OWNER: Final = "shopnow_owner"


@dataclass(frozen=True)
class Replayed:
    """What a replay of the access ledger did."""

    entries: int
    # Accesses whose row in the database said something else than the ledger.
    corrected: int
    # Roles made, changed or removed on the server.
    roles: int
    passwords: int


def read_ledger(settings: Settings, clock: Clock) -> dict[str, Access]:
    """Return every access as the ledger says it is, by role; a chain that is broken raises."""
    return fold(access_ledger(settings, clock).entries())


def carry_out(
    settings: Settings, clock: Clock, roles: Collection[str], *, end_sessions: bool = False
) -> None:
    """Bring map and server to what the ledger says of some roles; revoked ones go."""
    known = read_ledger(settings, clock)
    accesses = [known[role] for role in roles]
    with connect(settings, _OWNER, application_name=_APPLICATION) as connection:
        write_map(connection, accesses, is_whole=False)
    _serve(settings, accesses, end_sessions=end_sessions)


def replay_access(settings: Settings, clock: Clock) -> Replayed:
    """Bring a warehouse, restored or not, to the access ledger as a whole.

    What was granted after the backup is granted, what was revoked, suspended or given another
    password since is so again, what the ledger does not know goes.  Nobody but an administrator
    may connect before this returns.  Safe to call again: then nothing changes.  Raises
    LedgerBrokenError where the chain is broken, TerminalError where the ledger is absent although
    the warehouse has accesses.
    """
    entries = list(access_ledger(settings, clock).entries())
    known = fold(entries)
    with connect(settings, _OWNER, application_name=_APPLICATION) as connection:
        present = read_map(connection)
        if present and not entries:
            message = "the access ledger is absent, the warehouse has accesses"
            raise TerminalError(message, "Bring back home/ledgers/access.jsonl from its copies.")
        corrected = len(differences(known, present)) + len(read_strangers(connection))
        if corrected:
            write_map(connection, list(known.values()), is_whole=True)
    roles, passwords = _serve(settings, list(known.values()), is_whole=True)
    done = Replayed(len(entries), corrected, roles, passwords)
    if corrected or roles or passwords:
        _record(
            settings, clock, "access_replayed",
            f"registre rejoué : {corrected} accès, {roles} rôles, {passwords} mots de passe",
            {"accesses": corrected, "roles": roles, "passwords": passwords},
        )  # fmt: skip
    return done


def check_accesses(settings: Settings, clock: Clock) -> tuple[Finding, ...]:
    """Return the differences between ledger, map and roles of the server."""
    declared = load_declaration(settings.access_file)
    known = read_ledger(settings, clock)
    with connect(settings, _OWNER, application_name=_APPLICATION) as connection:
        present = read_map(connection)
        strangers = read_strangers(connection)
        served = read_served(connection)
        database = connection.info.dbname
    findings = [
        Finding("access_differs", role, detail)
        for role, detail in sorted(differences(known, present).items())
    ]
    findings += [
        Finding("access_differs", role, f"montre le vendeur {seller_no} sans accès ouvert")
        for role, seller_no in strangers
    ]
    wanted = _wanted(known.values(), declared.accesses, database)
    return (*findings, *compare_served(wanted, served, database))


def differences(known: dict[str, Access], present: dict[str, Access]) -> dict[str, str]:
    """Return in which accesses the map says something else than the ledger."""
    found = {}
    for role in {*known, *present}:
        said, kept = known.get(role), present.get(role)
        if said is None:
            found[role] = "le registre ne connaît pas cet accès"
        elif kept is None:
            found[role] = "accordé, mais absent de la carte"
        elif _comparable(said) != _comparable(kept):
            found[role] = "la carte dit autre chose que le registre"
    return found


def journal_act(settings: Settings, clock: Clock, code: str, accesses: Sequence[Access]) -> None:
    """Note in the journal what was done; one event, with roles and counts only."""
    words = {
        "access_granted": "accordé",
        "access_sellers_changed": "restreint",
        "access_password_drawn": "doté d'un nouveau mot de passe",
        "access_expiry_set": "prolongé ou borné",
        "access_suspended": "suspendu",
        "access_resumed": "rétabli",
        "access_reviewed": "confirmé par une revue",
        "access_revoked": "retiré",
    }
    named = accesses[0].role_name if len(accesses) == 1 else f"{len(accesses)} accès"
    sellers = {number for access in accesses for number in access.sellers}
    payload = {
        "accesses": len(accesses),
        "roles": [access.role_name for access in accesses[:20]],
        "sellers": sorted(sellers)[:20],
    }
    seller_no = sellers.pop() if len(sellers) == 1 else None
    _record(settings, clock, code, f"accès {named} {words[code]}", payload, seller_no=seller_no)


def _comparable(access: Access) -> tuple[object, ...]:
    return (
        access.label, access.kind, access.member_of, access.can_login, access.web_login,
        access.expires_at, access.suspended, access.is_open,
        access.sellers if access.is_open else (),
    )  # fmt: skip


def _wanted(
    accesses: Iterable[Access], rules: Mapping[str, AccessRules], database: str
) -> dict[str, Served]:
    return {
        access.role_name: wanted_role(access, rules, database)
        for access in accesses
        if access.is_open
    }


def _serve(
    settings: Settings,
    accesses: Sequence[Access],
    *,
    is_whole: bool = False,
    end_sessions: bool = False,
) -> tuple[int, int]:
    """Bring the roles of the server to these accesses; returns roles and passwords changed."""
    rules = load_declaration(settings.access_file).accesses
    names = {access.role_name for access in accesses}
    with connect(settings, None, application_name=_APPLICATION) as connection:
        _make_web_logins(connection, settings, accesses)
        served = read_served(connection)
        if not is_whole:
            served = {name: role for name, role in served.items() if name in names}
        database = connection.info.dbname
        wanted = _wanted(accesses, rules, database)
        findings = list(compare_served(wanted, served, database))
        closing = [finding.target for finding in findings if finding.code == "role_unknown"]
        # A session outlives its role; a changed password ends what the old one opened.
        ending = [*closing, *(names if end_sessions else ())]
        numbers = [n for (n,) in connection.execute(SQL["roles_numbered"], {"roles": ending})]
        for statements in _together(findings):
            _run(connection, statements)
        passwords = _passwords(connection, accesses)
        _run(connection, passwords)
        if numbers:
            connection.execute(SQL["sessions_end"], {"numbers": numbers})
    changed = sum(finding.code != "membership_missing" for finding in findings)
    return changed, len(passwords)


def _together(findings: Sequence[Finding]) -> Iterator[list[sql.Composed]]:
    """Yield the statements of some findings a time: what one transaction can hold locks for."""
    # The memberships of roles made together are the finding after them.
    for start in range(0, len(findings), TOGETHER + 1):
        part = findings[start : start + TOGETHER + 1]
        yield [statement for finding in part for statement in finding.statements]


def _run(connection: psycopg.Connection[TupleRow], statements: Sequence[sql.Composed]) -> None:
    if statements:
        with connection.transaction(), connection.pipeline():
            for statement in statements:
                connection.execute(statement)


def _passwords(
    connection: psycopg.Connection[TupleRow], accesses: Sequence[Access]
) -> list[sql.Composed]:
    """Return a statement for each login whose password is not that of the ledger."""
    logins = {a.role_name: a.verifier for a in accesses if a.is_open and a.can_login}
    rows = connection.execute(SQL["verifiers_found"], {"roles": list(logins)}).fetchall()
    present: dict[str, str | None] = dict(rows)
    return [
        password(role, verifier)
        for role, verifier in logins.items()
        if present.get(role) != verifier
    ]


def _make_web_logins(
    connection: psycopg.Connection[TupleRow], settings: Settings, accesses: Sequence[Access]
) -> None:
    wanted = sorted({a.web_login for a in accesses if a.web_login and a.is_open})
    rows = connection.execute(SQL["roles_named"], {"roles": wanted}).fetchall()
    present = {name for (name,) in rows}
    for name in wanted:
        if name not in present:
            verifier = login_verifier(connection, settings, name)
            with connection.transaction():
                for statement in web_created(name, verifier):
                    connection.execute(statement)


def _record(
    settings: Settings,
    clock: Clock,
    code: str,
    message: str,
    payload: dict[str, object],
    *,
    seller_no: int | None = None,
) -> None:
    event = Event(
        ts=clock.now(),
        source="access",
        type="securite",
        level="INFO",
        message=message,
        error_code=code,
        seller_no=seller_no,
        payload=payload,
    )
    with connect(settings, application_name=_APPLICATION) as connection:
        record_event(connection, event)
        # What this command changed on the server is told as its doing, not as an alarm.
        watch_catalogue(connection, settings, clock.now(), said_by=code)
