"""A throw-away warehouse in which every table found in the catalogue has rows of two sellers.

Values are canaries: whatever shows one of a stranger's, in whatever way, is a leak.  The tables are
filled from the catalogue, so that one added tomorrow is attacked tomorrow.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from shopnow.kernel import Settings, SystemClock, connect, connection_parameters
from shopnow.kernel.server import create_database
from shopnow.security import Access, apply_grants

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NUMBERS = itertools.count(1)
# Whose rows: the attacker's, another seller's, nobody's in particular.
MINE, THEIRS, NOBODYS = 101, 102, 103
# What stands in every value of those that are not the attacker's; digits no other value has.
# (The hexadecimal digits are the same word as COPY writes bytes.)
FOREIGN = re.compile(r"CANARY_10[23]|43414e4152595f31303[23]|61917[23]|2131-09-1[78]")
_DAY = {MINE: "2021-05-16", THEIRS: "2131-09-17", NOBODYS: "2131-09-18"}
_LAST_DIGIT = {MINE: 1, THEIRS: 2, NOBODYS: 3}
# The login of the pages that may take the role of either, for one transaction.
WEB_LOGIN = "shopnow_web_seller_97"
# Columns that say whose a row is.
OWNER_COLUMNS = ("seller_no", "sender_no")
# Read by everybody: calendar and category tree, nobody's rows.
SHARED = ("dim_date", "dim_category")
_SCHEMAS = (
    "staging", "history", "quality", "dwh", "mart", "seller", "legacy", "privacy", "journal",
    "security", "desk", "jobs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column that an INSERT must or may name."""

    name: str
    type: str
    is_array: bool
    first_word: str | None
    # Digits before the point that a number may have; None: any.
    digits: int | None


@dataclass(frozen=True, slots=True)
class World:
    """The warehouse, the role of seller A and that of seller B, with their passwords."""

    settings: Settings
    attacker: str
    victim: str
    passwords: dict[str, str]

    def login(self, role: str) -> psycopg.Connection:
        """Connect as a role, in autocommit mode."""
        target = connection_parameters(self.settings, None)
        return psycopg.connect(
            host=target["host"],
            port=target["port"],
            dbname=target["dbname"],
            user=role,
            password=self.passwords[role],
            autocommit=True,
        )


def make_world(server: Settings, home: Path) -> World:
    """Make the database, its rows, and seller roles that can log in, as `access grant` does."""
    name = f"leaks_{os.getpid()}_{next(_NUMBERS)}"
    settings = replace(create_database(server, name, template="shopnow"), home=home)
    home.mkdir()
    for shared in ("pg", "secrets"):
        (home / shared).symlink_to(server.home / shared)
    with connect(settings, None) as connection, connection.transaction():
        fill(connection)
        connection.execute("SELECT lo_from_bytea(9917001, 'CANARY_102 in a large object')")
    attacker, victim = _access(f"s_{name}_a", MINE), _access(f"s_{name}_b", THEIRS)
    granted = apply_grants(settings, SystemClock(), [attacker, victim])
    with connect(settings, None) as connection:
        # What is over or stopped counts for nothing.
        for number, expires, suspended in ((THEIRS, "2001-01-01", False), (NOBODYS, None, True)):
            connection.execute(
                "INSERT INTO security.seller_access"
                " (role_name, seller_no, granted_at, expires_at, suspended)"
                " VALUES (%s, %s, '2001-01-01', %s, %s)",
                [attacker.role_name, number, expires, suspended],
            )
        connection.execute("ANALYZE")
    passwords = {one.access.role_name: one.password or "" for one in granted}
    return World(settings, attacker.role_name, victim.role_name, passwords)


def drop_world(world: World) -> None:
    """Drop the roles; the database goes with its server."""
    with connect(world.settings, None) as connection:
        for role in (world.attacker, world.victim, WEB_LOGIN):
            name = sql.Identifier(role)
            connection.execute(sql.SQL("DROP OWNED BY {}").format(name))
            connection.execute(sql.SQL("DROP ROLE {}").format(name))


def _access(role: str, seller_no: int) -> Access:
    return Access(
        role_name=role,
        label=role,
        kind="seller",
        member_of="shopnow_seller",
        can_login=True,
        granted_at=datetime(2026, 1, 1, tzinfo=UTC),
        sellers=(seller_no,),
        web_login=WEB_LOGIN,
    )


def fill(connection: psycopg.Connection) -> None:
    """Put a row of each owner into every table; keys and checks are in the way and go."""
    connection.execute("SET LOCAL session_replication_role = replica")
    for schema, table, lacks_default in list(_tables(connection)):
        name = sql.Identifier(schema, table)
        for (check,) in connection.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass"
            " AND contype IN ('c', 'x') AND conislocal",
            [f"{schema}.{table}"],
        ).fetchall():
            connection.execute(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, sql.Identifier(check))
            )
        if lacks_default:
            default = sql.Identifier(schema, f"{table}_rest")
            connection.execute(
                sql.SQL("CREATE TABLE {} PARTITION OF {} DEFAULT").format(default, name)
            )
        columns = list(_columns(connection, f"{schema}.{table}"))
        for owner in (MINE, THEIRS, NOBODYS):
            values = [value_for(column, owner, f"{schema}.{table}") for column in columns]
            connection.execute(
                sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})").format(
                    name,
                    sql.SQL(", ").join(sql.Identifier(column.name) for column in columns),
                    sql.SQL(", ").join(
                        sql.SQL("%s::") + sql.SQL(column.type) for column in columns
                    ),
                ),
                values,
            )


def _tables(connection: psycopg.Connection) -> Iterator[tuple[str, str, bool]]:
    yield from connection.execute(
        "SELECT nspname, relname, relkind = 'p' AND NOT EXISTS (SELECT FROM pg_partitioned_table"
        " WHERE partrelid = pg_class.oid AND partdefid <> 0) FROM pg_class"
        " INNER JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        " WHERE nspname = ANY(%s) AND relkind IN ('r', 'p') AND NOT relispartition"
        " AND relname <> ALL(%s)"
        " ORDER BY nspname, relname",
        [list(_SCHEMAS), list(SHARED)],
    ).fetchall()


def _columns(connection: psycopg.Connection, table: str) -> Iterator[Column]:
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, NULL), typcategory = 'A',"
        " (SELECT enumlabel FROM pg_enum WHERE enumtypid IN (atttypid, typelem)"
        " ORDER BY enumsortorder LIMIT 1),"
        " CASE WHEN atttypid = 'numeric'::regtype AND atttypmod > 0"
        " THEN ((atttypmod - 4) >> 16) - ((atttypmod - 4) & 2047) END"
        " FROM pg_attribute INNER JOIN pg_type ON pg_type.oid = atttypid"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = '' ORDER BY attnum",
        [table],
    ).fetchall()
    return (Column(*row) for row in rows)


def value_for(column: Column, owner: int, table: str) -> Any:  # noqa: ANN401  # of many types
    """Return a value of the column's type that tells whose it is."""
    if column.name in OWNER_COLUMNS and column.type == "integer":
        return owner
    digit = _LAST_DIGIT[owner]
    text = f"CANARY_{owner} {table}.{column.name}"
    day = _DAY[owner]
    number = 619_170 + digit
    known: dict[str, Any] = {
        "text": text,
        "character varying": text,
        "name": text,
        "smallint": 29_170 + digit,
        "integer": number,
        "bigint": number,
        "numeric": f"{number}.25" if (column.digits or 9) > 5 else str(digit),
        "double precision": f"{number}.25",
        "boolean": True,
        "date": day,
        "timestamp with time zone": f"{day} 01:00+00",
        "timestamp without time zone": f"{day} 01:00",
        "interval": "1 day",
        "bytea": text.encode(),
        "jsonb": json.dumps({"said": text}),
        "json": json.dumps({"said": text}),
        "uuid": f"00000000-0000-0000-0000-000000{number}",
        "xid8": str(number),
        "pg_snapshot": "10:20:",
        "int8multirange": f"{{[{number},{number + 1})}}",
        "tstzmultirange": f"{{[{day},{day} 05:00)}}",
        "daterange": f"[{day},{day}]",
        "tstzrange": f"[{day},{day} 05:00)",
    }
    # An enumeration of another room: its first word.
    value = known.get(column.type.removesuffix("[]"), column.first_word)
    return [value] if column.is_array and value is not None else value
