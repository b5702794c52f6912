"""Accounts and sessions of the pages.

Protects passwords (only Argon2id hashes are kept, with the library's own parameters, RFC 9106) and
sessions (only the digest of a token is kept; an idle one ends, a suspended account's end at once).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from psycopg.rows import class_row

from shopnow.kernel import Sql, TerminalError, UsageError, connect
from shopnow.security.accesses import apply_grants, plan_seller
from shopnow.security.entering.model import STAFF_POOL, Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import psycopg

    from shopnow.kernel import Clock, Settings

SQL = Sql(__package__)
IDLE: Final = timedelta(hours=2)
LONGEST: Final = timedelta(hours=12)
SHORTEST_PASSWORD: Final = 12
_TOKEN_BYTES: Final = 32
_PASSWORD_BYTES: Final = 18


@dataclass(frozen=True, slots=True)
class Account:
    """One account; times in UTC, `expires_at` None for one without end."""

    login: str
    role_name: str
    made_at: datetime
    expires_at: datetime | None
    suspended_at: datetime | None


@dataclass(frozen=True)
class Accounts:
    """Opens and finds sessions on a connection of `shopnow_web_staff`."""

    clock: Clock
    hasher: PasswordHasher = field(default_factory=PasswordHasher)

    def kept_hash(self, conn: psycopg.Connection, login: str) -> str | None:
        """The hash of an account's password; None when there is none, or it is suspended."""
        values = {"login": login, "now": self.clock.now()}
        row = conn.execute(SQL["account_hash"], values).fetchone()
        return None if row is None else str(row[0])

    def fits(self, kept: str | None, password: str) -> bool:
        """Say whether a password is that of a hash; takes a moment, and no connection.

        An unknown login costs the same time as a wrong password.
        """
        return self._matches(kept or _nobody(self.hasher), password) and kept is not None

    def open_session(self, conn: psycopg.Connection, login: str) -> str:
        """Open a session for somebody whose password fits; returns its token."""
        now = self.clock.now()
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        conn.execute(SQL["session_prune"], {"idle_since": now - IDLE, "opened": now - LONGEST})
        values = {"digest": _digest(token), "login": login, "now": now}
        conn.execute(SQL["session_open"], values)
        return token

    def person(self, conn: psycopg.Connection, token: str) -> Person | None:
        """Who holds a session; None when there is none, or it or the account has ended."""
        now = self.clock.now()
        values = {
            "digest": _digest(token),
            "now": now,
            "idle_since": now - IDLE,
            "opened": now - LONGEST,
        }
        row = conn.execute(SQL["session_person"], values).fetchone()
        if row is None:
            return None
        login, role_name, pool_login, is_stale = row
        if is_stale:
            conn.execute(SQL["session_seen"], values)
        form_token = hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()
        return Person(str(login), str(role_name), str(pool_login), form_token)

    def leave(self, conn: psycopg.Connection, token: str) -> None:
        """End a session."""
        conn.execute(SQL["session_close"], {"digest": _digest(token)})

    def _matches(self, kept: str, password: str) -> bool:
        try:
            return self.hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def add_account(
    settings: Settings,
    clock: Clock,
    login: str,
    role_name: str,
    *,
    pool_login: str = STAFF_POOL,
    password: str | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Make an account, or give an existing one a new password and role; returns the password.

    `pool_login`: the login of the pages that may take the role.

    Raises UsageError for a login that is not plain, or a password that is too short.
    """
    secret = password or secrets.token_urlsafe(_PASSWORD_BYTES)
    if len(secret) < SHORTEST_PASSWORD:
        message = f"a password has at least {SHORTEST_PASSWORD} characters, this one {len(secret)}"
        raise UsageError(message, "Give a longer one, or none: one is made then.")
    if not login.isascii() or login != login.lower() or not login[:1].isalnum():
        message = f"the login {login!r} is not plain"
        raise UsageError(message, "Use 2 to 40 of a-z, 0-9, dot, dash, underscore.")
    values = {
        "login": login,
        "password_hash": PasswordHasher().hash(secret),
        "role_name": role_name,
        "pool_login": pool_login,
        "made_at": clock.now(),
        "expires_at": expires_at,
    }
    with connect(settings, "shopnow_admin") as conn, conn.transaction():
        conn.execute(SQL["account_add"], values)
        conn.execute(SQL["account_sessions_close"], {"login": login})
    return secret


def add_seller_account(
    settings: Settings,
    clock: Clock,
    login: str,
    sellers: Sequence[str],
    *,
    password: str | None = None,
) -> str:
    """Make an account whose pages show the rows of these sellers; returns the password.

    Its database role is granted as any access is: ledger first, no right to connect by itself.
    Raises UsageError for a seller that nobody knows.
    """
    plan = plan_seller(settings, clock, sellers)
    access = apply_grants(settings, clock, [plan])[0].access
    if access.web_login is None:
        raise TerminalError(f"the access {access.label} has no login of the pages")
    return add_account(
        settings, clock, login, access.role_name, pool_login=access.web_login,
        password=password, expires_at=access.expires_at,
    )  # fmt: skip


def list_accounts(settings: Settings) -> list[Account]:
    """All accounts, by login."""
    with (
        connect(settings, "shopnow_admin") as conn,
        conn.cursor(row_factory=class_row(Account)) as cursor,
    ):
        return cursor.execute(SQL["account_list"]).fetchall()


def suspend_account(settings: Settings, clock: Clock, login: str) -> None:
    """Suspend an account and end its sessions; raises UsageError for one that is not there."""
    with connect(settings, "shopnow_admin") as conn, conn.transaction():
        values = {"login": login, "now": clock.now()}
        _refuse_unknown(conn.execute(SQL["account_suspend"], values).rowcount, login)
        conn.execute(SQL["account_sessions_close"], {"login": login})


def remove_account(settings: Settings, login: str) -> None:
    """Remove an account with its sessions; raises UsageError for one that is not there."""
    with connect(settings, "shopnow_admin") as conn:
        _refuse_unknown(conn.execute(SQL["account_remove"], {"login": login}).rowcount, login)


def _refuse_unknown(found: int, login: str) -> None:
    if not found:
        raise UsageError(f"no account {login!r}", "`shopnow web list` shows them.")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


_NOBODY: list[str] = []


def _nobody(hasher: PasswordHasher) -> str:
    """The hash of a password that nobody knows: an unknown login takes as long as a known one."""
    if not _NOBODY:
        _NOBODY.append(hasher.hash(secrets.token_urlsafe(_PASSWORD_BYTES)))
    return _NOBODY[0]
