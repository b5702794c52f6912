"""What only a superuser can do, once: the roles, the database, its extensions.

Runs again at each start without changing what is there.  A password is set only for a role
that this call makes, as a SCRAM verifier computed here: the server never sees it in clear.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import psycopg
from psycopg import sql

from shopnow.kernel.connection import SUPERUSER, connect, connection_parameters, database_name
from shopnow.kernel.errors import TerminalError, from_database
from shopnow.kernel.home import Home
from shopnow.kernel.server.roles import OWNER, ROLES, Role
from shopnow.kernel.sqltext import Sql

if TYPE_CHECKING:
    from psycopg.rows import TupleRow

    from shopnow.kernel.settings import Settings

SQL = Sql(__package__ or "")
EXTENSIONS: Final = ("btree_gist", "pg_stat_statements")


def bootstrap(settings: Settings) -> None:
    """Make the roles, the database and the extensions that are missing.

    Raises TerminalError when the user of an external DSN may not make what is missing.
    """
    try:
        if settings.embedded:
            with connect(settings.with_database(SUPERUSER), None) as connection:
                _make_roles(connection, settings)
                _make_database(connection, database_name(settings))
        with connect(settings, None) as connection:
            if not settings.embedded:
                _make_roles(connection, settings)
            open_database(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        message = "the user of SHOPNOW_DSN may not make the roles of the warehouse"
        hint = "Give a superuser in SHOPNOW_DSN for the first `shopnow migrate`."
        raise TerminalError(message, hint) from error
    except psycopg.Error as error:
        raise from_database(error, "preparing roles and database") from error


def open_database(connection: psycopg.Connection[TupleRow]) -> None:
    """Set the rights of the connected database, which a clone does not inherit."""
    name = sql.Identifier(connection.info.dbname)
    everybody = sql.SQL(", ").join(sql.Identifier(role.name) for role in ROLES)
    makers = [role.name for role in ROLES if role.temporary_tables]
    with connection.transaction():
        connection.execute(SQL.compose("database_close", database=name))
        connection.execute(SQL["large_objects_close"])
        connection.execute(SQL.compose("database_connect", database=name, roles=everybody))
        connection.execute(
            SQL.compose(
                "database_temporary",
                database=name,
                roles=sql.SQL(", ").join(map(sql.Identifier, makers)),
            )
        )
        connection.execute(
            SQL.compose("database_create", database=name, role=sql.Identifier(OWNER))
        )
        connection.execute(SQL.compose("parameter_grant", role=sql.Identifier(OWNER)))
        for (extension,) in connection.execute(SQL["extensions_missing"], {"names": [*EXTENSIONS]}):
            statement = SQL.compose("extension_create", extension=sql.Identifier(extension))
            connection.execute(statement)


def login_verifier(connection: psycopg.Connection[TupleRow], settings: Settings, role: str) -> str:
    """Draw and keep the password of a role that others are to make; return its SCRAM verifier.

    The passfile names the role from then on, so that `connect` reaches it.
    """
    home = Home(settings.home)
    word = home.password(role)
    where = connection_parameters(settings, None)
    home.write_passfile(where.get("host", "localhost"), int(where.get("port", "5432")))
    verifier = connection.pgconn.encrypt_password(word.encode(), role.encode(), b"scram-sha-256")
    return verifier.decode()


def create_database(settings: Settings, name: str, template: str = "template0") -> Settings:
    """Make a database of the embedded or external server and return settings for it.

    `template` is another database to copy, to which nobody may be connected.
    """
    with connect(settings.with_database(SUPERUSER), None) as connection:
        connection.execute(
            SQL.compose(
                "database_clone",
                database=sql.Identifier(name),
                template=sql.Identifier(template),
                owner=sql.Identifier(OWNER),
            )
        )
    copy = settings.with_database(name)
    with connect(copy, None) as connection:
        open_database(connection)
    return copy


def drop_database(settings: Settings, name: str) -> None:
    """Drop a database and end the sessions in it; no effect when it does not exist."""
    with connect(settings.with_database(SUPERUSER), None) as connection:
        connection.execute(SQL.compose("database_drop", database=sql.Identifier(name)))


def renew_passwords(
    connection: psycopg.Connection[TupleRow], settings: Settings
) -> tuple[str, ...]:
    """Give the superuser and the base roles the passwords of this home; return who got one.

    After a restore: the backup holds verifiers of passwords that may be older, or of a lost home.
    """
    home = Home(settings.home)
    known = {name for (name,) in connection.execute(SQL["roles_present"])}
    wanted = (SUPERUSER, *(role.name for role in ROLES if role.login and role.name in known))
    with connection.transaction():
        for name in wanted:
            _set_password(connection, name, home)
    return wanted


def _set_password(connection: psycopg.Connection[TupleRow], role: str, home: Home) -> None:
    verifier = connection.pgconn.encrypt_password(
        home.password(role).encode(), role.encode(), b"scram-sha-256"
    )
    secret, name = sql.Literal(verifier.decode()), sql.Identifier(role)
    connection.execute(SQL.compose("role_password", role=name, verifier=secret))


def _make_roles(connection: psycopg.Connection[TupleRow], settings: Settings) -> None:
    home = Home(settings.home)
    home.prepare()
    known = {name for (name,) in connection.execute(SQL["roles_present"])}
    missing = [role for role in ROLES if role.name not in known]
    for role in missing:
        _make_role(connection, role, home)
    if missing:
        where = connection_parameters(settings, None)
        home.write_passfile(where.get("host", "localhost"), int(where.get("port", "5432")))


def _make_role(connection: psycopg.Connection[TupleRow], role: Role, home: Home) -> None:
    name = sql.Identifier(role.name)
    traits = [
        "LOGIN" if role.login else "NOLOGIN",
        "BYPASSRLS" if role.bypass_row_security else "NOBYPASSRLS",
        "REPLICATION" if role.replication else "NOREPLICATION",
    ]
    with connection.transaction():
        options = sql.SQL(" ").join(sql.SQL(trait) for trait in traits)
        connection.execute(SQL.compose("role_create", role=name, options=options))
        connection.execute(SQL.compose("role_comment", role=name, about=sql.Literal(role.about)))
        for group in role.member_of:
            connection.execute(SQL.compose("role_join", role=name, group=sql.Identifier(group)))
        if role.login:
            _set_password(connection, role.name, home)


def _make_database(connection: psycopg.Connection[TupleRow], name: str) -> None:
    if connection.execute(SQL["database_present"], {"database": name}).fetchone() is None:
        connection.execute(
            SQL.compose(
                "database_clone",
                database=sql.Identifier(name),
                template=sql.Identifier("template0"),
                owner=sql.Identifier(OWNER),
            )
        )
