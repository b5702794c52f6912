"""Connections to the warehouse, whichever it is: the embedded server or any PostgreSQL >= 18.

Protects two rules: passwords come from the passfile, and nothing leaves the machine without
TLS.  Every session counts time in UTC.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from shopnow.kernel.errors import TerminalError, TransientError, UsageError, from_database
from shopnow.kernel.home import Home
from shopnow.kernel.sqltext import Sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg.rows import TupleRow

    from shopnow.kernel.settings import Settings

SQL = Sql(__package__ or "")

LOOPBACK: Final = "127.0.0.1"
SUPERUSER: Final = "postgres"
DEFAULT_DATABASE: Final = "shopnow"
OLDEST_VERSION: Final = 180_000
_CONNECT_SECONDS: Final = 20
_WEAK_TLS: Final = ("disable", "allow")


def connect(
    settings: Settings,
    role: str | None = "shopnow_etl",
    autocommit: bool = True,
    *,
    application_name: str = "shopnow",
) -> psycopg.Connection[TupleRow]:
    """Return a connection as `role`; None is the bootstrap superuser, or the DSN's own user.

    Raises TransientError when the server does not answer, TerminalError when it refuses,
    is older than 18, or would be reached over a network without TLS.
    """
    parameters = connection_parameters(settings, role)
    try:
        connection = psycopg.connect(
            **parameters,  # type: ignore[arg-type]  # psycopg types these as Any of many
            autocommit=autocommit,
            application_name=application_name,
            connect_timeout=_CONNECT_SECONDS,
            options="-c timezone=UTC",
        )
    except psycopg.Error as error:
        raise _refused(settings, role, error) from error
    version = connection.info.server_version
    if version < OLDEST_VERSION:
        connection.close()
        message = f"the warehouse needs PostgreSQL 18 or newer, this server is {version // 10_000}"
        raise TerminalError(message, "Point SHOPNOW_DSN to a newer server.")
    return connection


def connect_elsewhere(dsn: str) -> psycopg.Connection[TupleRow]:
    """Return a connection to another PostgreSQL, of any version, that can only read.

    Its times are UTC; over a network it is encrypted.  Raises UsageError for a string that is no
    connection string, TransientError when the server does not answer or refuses.
    """
    parameters = _with_tls(_parsed(dsn))
    try:
        return psycopg.connect(
            **parameters,  # type: ignore[arg-type]  # psycopg types these as Any of many
            autocommit=True,
            application_name="shopnow",
            connect_timeout=_CONNECT_SECONDS,
            options="-c timezone=UTC -c datestyle=ISO -c default_transaction_read_only=on",
        )
    except psycopg.Error as error:
        # The driver's message may quote the string: host and user of somebody's server.
        message = "the other server does not answer, or refuses"
        raise TransientError(message, "Try the same string with psql; a passfile helps.") from error


@contextmanager
def acting_as(connection: psycopg.Connection[TupleRow], role: str) -> Iterator[None]:
    """Run one transaction with the rights of `role`; they end with it, commit or not."""
    with connection.transaction():
        connection.execute(SQL.compose("role_switch", role=sql.Identifier(role)))
        yield


def connection_parameters(settings: Settings, role: str | None) -> dict[str, str]:
    """Return the libpq parameters for a role, without any password of our making."""
    home = Home(settings.home)
    if settings.dsn is None:
        return {
            "host": LOOPBACK,
            "port": str(_kept_port(home)),
            "dbname": database_name(settings),
            "user": role or SUPERUSER,
            "passfile": str(home.passfile),
        }
    parameters = _parsed(settings.dsn)
    parameters["dbname"] = database_name(settings)
    if role is not None and role != parameters.get("user"):
        parameters["user"] = role
        # The password in the DSN is that of its own user.
        parameters.pop("password", None)
        if home.passfile.is_file():
            parameters["passfile"] = str(home.passfile)
    return _with_tls(parameters)


def connection_url(settings: Settings, role: str, password: str | None = None) -> str:
    """Return a `postgresql://` string for any client; the password only when it is given."""
    parameters = connection_parameters(settings, role)
    user = quote(parameters.pop("user"), safe="")
    secret = f":{quote(password, safe='')}" if password else ""
    host, port = parameters.pop("host", ""), parameters.pop("port", "5432")
    name = quote(parameters.pop("dbname"), safe="")
    if password:
        parameters.pop("passfile", None)
    query = urlencode(parameters)
    return f"postgresql://{user}{secret}@{host}:{port}/{name}{'?' if query else ''}{query}"


def database_name(settings: Settings) -> str:
    """Return the database that these settings mean."""
    if settings.database:
        return settings.database
    named = _parsed(settings.dsn).get("dbname") if settings.dsn else None
    return named or DEFAULT_DATABASE


def _parsed(dsn: str) -> dict[str, str]:
    try:
        return {key: str(value) for key, value in conninfo_to_dict(dsn).items()}
    except psycopg.ProgrammingError:
        # The driver's message would quote the string, with a password in it.
        message = "this is not a connection string that libpq understands"
        hint = "Write it like postgresql://user@host:5432/database?sslmode=verify-full."
        raise UsageError(message, hint) from None


def _with_tls(parameters: dict[str, str]) -> dict[str, str]:
    hosts = (parameters.get("host") or parameters.get("hostaddr") or "").split(",")
    if all(_stays_here(host) for host in hosts):
        return parameters
    mode = parameters.get("sslmode", "require")
    if mode in _WEAK_TLS:
        message = f"the connection string asks for sslmode={mode} to a server on the network"
        raise TerminalError(message, "TLS is required there: use sslmode=verify-full.")
    parameters["sslmode"] = "require" if mode == "prefer" else mode
    return parameters


def _stays_here(host: str) -> bool:
    return host in {"", "localhost", "::1"} or host.startswith(("127.", "/", "@"))


def _kept_port(home: Home) -> int:
    try:
        return int(home.port_file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        message = f"the warehouse of {home.root} is not running"
        raise TransientError(message, "Start it with `shopnow up`.") from None
    except PermissionError as error:
        message = f"the warehouse of {home.root} belongs to another user"
        raise TerminalError(message, "Run as the user who made it.") from error


def _refused(settings: Settings, role: str | None, error: psycopg.Error) -> Exception:
    text = str(error)
    name = database_name(settings)
    if settings.embedded and "no pg_hba.conf entry" in text:
        # Ours lets every role in by password; the one of a restored warehouse does not yet.
        message = f"the restored warehouse is closed to {role or 'everybody'}: ledgers not replayed"
        return TerminalError(message, "`shopnow restore open` replays them and opens it.")
    if "password" in text or "pg_hba" in text or f'role "{role}"' in text:
        message = f"the server refuses role {role or 'of the DSN'} on database {name}"
        return TerminalError(message, "`shopnow doctor` checks roles and secrets.")
    if "does not exist" in text:
        message = f"the server has no database {name}"
        return TerminalError(message, "Make it with `shopnow up`.")
    if settings.embedded:
        message = "the embedded server does not answer"
        return TransientError(message, "Start it with `shopnow up`.")
    if "SSL" in text:
        message = "the server of SHOPNOW_DSN does not offer the TLS asked for"
        return TerminalError(message, "Turn TLS on there, or check its certificate.")
    return from_database(error, "connecting")
