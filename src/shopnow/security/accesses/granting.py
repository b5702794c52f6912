"""Let somebody in: plan an access, then write it in the ledger, the map and the server, in order.

Protects the rule that an access shows what was decided: the plan is what is applied, the ledger
comes first, and a password is drawn here, shown once and kept nowhere in clear.
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from shopnow.journal import access_ledger
from shopnow.kernel import UsageError, connect
from shopnow.security.accesses.finding import find_open
from shopnow.security.accesses.following import carry_out, journal_act, read_ledger
from shopnow.security.accesses.model import (
    EXPIRY,
    GRANTED,
    PASSWORD,
    Access,
    fold,
    one_named,
    shown_out,
)
from shopnow.security.accesses.serving import is_web_login, rules_of
from shopnow.security.accesses.store import (
    SQL,
    seller_numbers,
    sellers_due,
    sellers_without_pages,
    web_logins,
)
from shopnow.security.declared import load_declaration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from shopnow.kernel import Clock, Settings

ROLES_PER_WEB_LOGIN: Final = 1_000
_APPLICATION: Final = "shopnow access"
_GROUP: Final = "shopnow_seller"
_SECRET_BYTES: Final = 24
_OPAQUE_BYTES: Final = 8
_LABEL: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,47}")
_TAKEN: Final = ("pg_", "shopnow_", "seller_", "postgres", "public")


@dataclass(frozen=True)
class Granted:
    """An access that was granted, and its password if it has one: shown once, kept nowhere."""

    access: Access
    password: str | None = field(repr=False)


def plan_seller(
    settings: Settings,
    clock: Clock,
    seller_ids: Sequence[str],
    *,
    login: str | None = None,
    expires_at: datetime | None = None,
) -> Access:
    """Return the access that sellers would get: by SQL with `login`, else by the pages alone.

    Several sellers make one access that shows the rows of each.  Raises UsageError for a seller
    that nobody knows, a name that is taken, or a time that is over.
    """
    with connect(settings, "shopnow_owner", application_name=_APPLICATION) as connection:
        numbers = seller_numbers(connection, list(dict.fromkeys(seller_ids)))
        occupied = web_logins(connection)
    label = login or f"pages-{'-'.join(seller_ids)}".lower()
    access = Access(
        role_name=_opaque(),
        label=label,
        kind="seller",
        member_of=_GROUP,
        can_login=login is not None,
        granted_at=clock.now(),
        sellers=tuple(sorted(numbers)),
        web_login=_place(occupied),
        expires_at=expires_at,
    )
    return _checked(settings, clock, access)


def plan_every_seller(settings: Settings, clock: Clock) -> list[Access]:
    """Return an access by the pages for each registered seller that has none yet."""
    with connect(settings, "shopnow_owner", application_name=_APPLICATION) as connection:
        without = sellers_without_pages(connection)
        occupied = web_logins(connection)
    taken = {access.label for access in read_ledger(settings, clock).values() if access.is_open}
    return _by_pages(without, taken, occupied, clock.now())


def plan_due_sellers(settings: Settings, clock: Clock) -> list[Access]:
    """Return an access by the pages for each seller that the declaration gives one and has none.

    Empty unless it says `every: pages`.  Not for a closed or merged seller, and not for one that
    was shown out: a revocation holds until somebody grants anew by command.
    """
    if not load_declaration(settings.access_file).accesses["seller"].is_for_every_seller:
        return []
    entries = list(access_ledger(settings, clock).entries())
    taken = {access.label for access in fold(entries).values() if access.is_open}
    with connect(settings, "shopnow_owner", application_name=_APPLICATION) as connection:
        without = sellers_due(connection, shown_out(entries))
        occupied = web_logins(connection)
    return _by_pages(without, taken, occupied, clock.now())


def _by_pages(
    without: Sequence[tuple[int, str]], taken: set[str], occupied: dict[str, int], now: datetime
) -> list[Access]:
    accesses = []
    for number, name in without:
        place = _place(occupied)
        occupied[place] = occupied.get(place, 0) + 1
        label = f"pages-{name}".lower()
        if label in taken:
            label = f"{label}-{number}"
        taken.add(label)
        accesses.append(
            Access(_opaque(), label, "seller", _GROUP, False, now, (number,), place)  # noqa: FBT003
        )
    return accesses


def plan_staff(
    settings: Settings, clock: Clock, role: str, login: str, expires_at: datetime | None = None
) -> Access:
    """Return the access by name that somebody of the staff would get to a declared role.

    Raises UsageError for a role that takes no members, or one whose accesses must end sooner.
    """
    declared = load_declaration(settings.access_file)
    group = f"shopnow_{role}"
    if group not in _staff_roles(settings):
        known = ", ".join(sorted(name.removeprefix("shopnow_") for name in _staff_roles(settings)))
        raise UsageError(f"nobody is let in as {role!r}", f"Use seller, or one of {known}.")
    if login.startswith(_TAKEN):
        raise UsageError(f"the name {login!r} is kept for roles of the house", "Choose another.")
    longest = rules_of(group, declared.accesses).days
    if longest is not None:
        limit = clock.now() + timedelta(days=longest)
        expires_at = expires_at or limit
        if expires_at > limit:
            message = f"an access to {role} ends after {longest} days at most"
            raise UsageError(message, "Leave --expires out, and grant it anew when it is over.")
    access = Access(login, login, "staff", group, True, clock.now(), expires_at=expires_at)  # noqa: FBT003
    return _checked(settings, clock, access)


def apply_grants(settings: Settings, clock: Clock, plans: Sequence[Access]) -> list[Granted]:
    """Write accesses down and make their roles; returns each with its password.

    The ledger is first: what a crash leaves undone, `shopnow access apply` finishes.
    """
    if not plans:
        return []
    granted = []
    for plan in plans:
        word = secrets.token_urlsafe(_SECRET_BYTES) if plan.can_login else None
        now = clock.now()
        changed = replace(plan, granted_at=now)
        if word is not None:
            changed = replace(
                changed, password_at=now, verifier=_verifier(settings, plan.role_name, word)
            )
        granted.append(Granted(changed, word))
    said = [one.access.said() for one in granted]
    access_ledger(settings, clock).append(GRANTED, {"accesses": said})
    carry_out(settings, clock, [one.access.role_name for one in granted])
    journal_act(settings, clock, GRANTED, [one.access for one in granted])
    return granted


def draw_password(settings: Settings, clock: Clock, name: str) -> Granted:
    """Give a login another password and end its sessions.

    Raises UsageError where there is no such login.
    """
    access = find_open(settings, clock, name)
    if not access.can_login:
        raise UsageError(f"{name!r} has no password: only the pages take it")
    word = secrets.token_urlsafe(_SECRET_BYTES)
    body = {"roles": [access.role_name], "verifier": _verifier(settings, access.role_name, word)}
    access_ledger(settings, clock).append(PASSWORD, body)
    carry_out(settings, clock, [access.role_name], end_sessions=True)
    journal_act(settings, clock, PASSWORD, [access])
    return Granted(access, word)


def set_expiry(settings: Settings, clock: Clock, name: str, expires_at: datetime | None) -> Access:
    """Let an access end at another time; None: not by itself.

    Raises UsageError where its role must end sooner.
    """
    access = find_open(settings, clock, name)
    rule = rules_of(access.member_of, load_declaration(settings.access_file).accesses)
    limit = clock.now() + timedelta(days=rule.days) if rule.days is not None else None
    if limit is not None and (expires_at is None or expires_at > limit):
        raise UsageError(f"this access ends after {rule.days} days at most")
    body = {
        "roles": [access.role_name],
        "expires_at": expires_at.isoformat() if expires_at else None,
    }
    access_ledger(settings, clock).append(EXPIRY, body)
    carry_out(settings, clock, [access.role_name])
    journal_act(settings, clock, EXPIRY, [access])
    return replace(access, expires_at=expires_at)


def _checked(settings: Settings, clock: Clock, access: Access) -> Access:
    """Refuse a name that is no name or taken, and a time that is over."""
    if not _LABEL.fullmatch(access.label):
        message = f"{access.label!r} is no name for an access"
        hint = (
            "2 to 48 small letters, digits, points, hyphens, underscores; a letter or digit first."
        )
        raise UsageError(message, hint)
    if one_named(read_ledger(settings, clock), access.label) is not None:
        message = f"there is an access {access.label!r} already"
        raise UsageError(
            message, "`shopnow access list` shows it; revoke it or choose another name."
        )
    if access.expires_at is not None and access.expires_at <= access.granted_at:
        raise UsageError("this access would be over at once", "Give a later --expires.")
    with connect(settings, "shopnow_owner", application_name=_APPLICATION) as connection:
        if connection.execute(SQL["roles_named"], {"roles": [access.role_name]}).fetchone():
            raise UsageError(f"the server has a role {access.role_name!r} already")
    return access


def _staff_roles(settings: Settings) -> frozenset[str]:
    """Return what people are let in as: the roles that the pages of the staff may take."""
    declared = load_declaration(settings.access_file)
    return frozenset(
        item.group for item in declared.memberships if item.member == "shopnow_web_staff"
    )


def _opaque() -> str:
    """Return a name that says nothing of whom it is for."""
    return "seller_" + base64.b32encode(secrets.token_bytes(_OPAQUE_BYTES)).decode().lower()[:12]


def _place(occupied: Mapping[str, int]) -> str:
    """Return a login of the pages that may take one role more."""
    number = 1
    while occupied.get(f"shopnow_web_seller_{number:02d}", 0) >= ROLES_PER_WEB_LOGIN:
        number += 1
    name = f"shopnow_web_seller_{number:02d}"
    assert is_web_login(name)  # noqa: S101  # the pattern and the format say the same
    return name


def _verifier(settings: Settings, role: str, word: str) -> str:
    """Return what the server keeps of a password; computed here, so that it never sees the word."""
    with connect(settings, "shopnow_owner", application_name=_APPLICATION) as connection:
        made = connection.pgconn.encrypt_password(word.encode(), role.encode(), b"scram-sha-256")
    return made.decode()
