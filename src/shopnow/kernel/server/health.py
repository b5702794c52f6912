"""What can be said about a warehouse: its state in a few facts, and a self-check.

Nothing here changes anything: a check that repairs would hide what broke.
"""

from __future__ import annotations

import shutil
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from shopnow.kernel.connection import connect, connection_parameters, database_name
from shopnow.kernel.errors import ShopnowError
from shopnow.kernel.home import Home
from shopnow.kernel.migrations import pending_migrations, read_migrations
from shopnow.kernel.server.account import server_account
from shopnow.kernel.server.binaries import packaged, usable_binaries
from shopnow.kernel.server.cluster import Server
from shopnow.kernel.server.config import MIB
from shopnow.kernel.server.place import known_place
from shopnow.kernel.server.roles import ROLES
from shopnow.kernel.sqltext import Sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.kernel.settings import Settings

SQL = Sql(__package__ or "")
_SPACE_WANTED: Final = 2048 * MIB
_TOOLS: Final = ("sh", "gzip", "cmp", "nice")


@dataclass(frozen=True)
class Check:
    """One condition: what was found, and what to do when it is not good."""

    name: str
    good: bool
    found: str
    hint: str = ""


def warehouse_facts(settings: Settings) -> dict[str, object]:
    """Return the state of the warehouse by name: state, host, port, version, migrations, size.

    `state` is absent, stopped, running or unreachable; sizes are in bytes.
    """
    facts: dict[str, object] = {"state": "external", "home": str(settings.home)}
    if settings.embedded:
        known = Server(settings).status()
        facts |= {"state": known.state, "data": known.data, "pid": known.pid}
        if not known.running:
            return facts
    parameters = connection_parameters(settings, None)
    facts |= {
        "host": parameters.get("host", "local socket"),
        "port": int(parameters.get("port", "5432")),
        "database": database_name(settings),
    }
    try:
        facts |= _asked(settings)
        facts["migrations_pending"] = len(pending_migrations(settings))
    except ShopnowError as error:
        facts |= {"state": "unreachable", "reason": error.message}
    return facts


def examine(settings: Settings) -> tuple[Check, ...]:
    """Return all checks of this warehouse, those of the machine first."""
    checks = [_checked("settings", lambda: f"home {settings.home}")]
    if settings.embedded:
        checks.append(_checked("programs", lambda: _programs(settings)))
        checks.append(_tools())
        checks.append(_space(settings))
        checks.append(_secrets(settings))
    checks.append(_checked("migrations", lambda: _migration_files(settings)))
    answers = _checked("server", lambda: f"PostgreSQL {_asked(settings)['version']}")
    checks.append(answers)
    if answers.good:
        checks.append(_roles(settings))
        checks.append(_schema(settings))
        checks.append(_archiving(settings))
    return tuple(checks)


def _asked(settings: Settings) -> dict[str, object]:
    with connect(settings, "shopnow_owner", application_name="shopnow status") as connection:
        row = connection.execute(SQL["server_facts"]).fetchone()
    names = ("version", "started_at", "size_bytes")
    return dict(zip(names, row or (), strict=True))


def _checked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, good=True, found=look())
    except ShopnowError as error:
        return Check(name, good=False, found=error.message, hint=error.hint)


def _programs(settings: Settings) -> str:
    place = known_place(Home(settings.home))
    account = place.account if place else server_account()
    spare = place.root if place else settings.home
    return f"PostgreSQL {usable_binaries(packaged(), account, spare).major(account)}"


def _tools() -> Check:
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    found = f"missing {', '.join(missing)}" if missing else ", ".join(_TOOLS)
    hint = "Install them: without them no WAL is archived."
    return Check("tools of the archive", not missing, found, hint)


def _space(settings: Settings) -> Check:
    folder = next(path for path in (settings.home, *settings.home.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    hint = "Free some space: a full disk stops every load."
    return Check("disk", free >= _SPACE_WANTED, f"{free // MIB} MB free", hint)


def _secrets(settings: Settings) -> Check:
    folder = Home(settings.home).secrets
    if not folder.is_dir():
        return Check("secrets", good=True, found="none yet")
    open_ones = [
        path.name for path in folder.iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    found = f"readable by others: {', '.join(open_ones)}" if open_ones else "private"
    return Check("secrets", not open_ones, found, f"Run `chmod 600 {folder}/*`.")


def _migration_files(settings: Settings) -> str:
    return f"{len(read_migrations(settings.migrations_dir))} files"


def _roles(settings: Settings) -> Check:
    refused = []
    for role in ROLES:
        try:
            if role.login:
                connect(settings, role.name).close()
        except ShopnowError:
            refused.append(role.name)
    found = f"cannot log in: {', '.join(refused)}" if refused else "all log in"
    return Check("roles", not refused, found, "Set the password anew as a superuser.")


def _schema(settings: Settings) -> Check:
    try:
        pending = pending_migrations(settings)
    except ShopnowError as error:
        return Check("schema", good=False, found=error.message, hint=error.hint)
    found = f"{len(pending)} migrations pending" if pending else "current"
    return Check("schema", not pending, found, "Run `shopnow migrate`.")


def _archiving(settings: Settings) -> Check:
    with connect(settings, None) as connection:
        row = connection.execute(SQL["archive_failing"]).fetchone()
    failing = bool(row and row[0])
    found = "failing" if failing else "no failure since the last success"
    return Check("archive of the WAL", not failing, found, "Its reason is in the server's log.")
