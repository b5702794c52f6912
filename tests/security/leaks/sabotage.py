"""Every wall, taken down one at a time, from the catalogue: the suite must turn red each time.

All inside one transaction of the superuser that is taken back, so that hundreds cost a minute.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg import sql
from tests.security.leaks.attack import Attacker, Leak
from tests.security.leaks.relations import own_rows, relations, swept
from tests.security.leaks.structure import SCHEMAS, declaration, structure
from tests.security.leaks.world import SHARED

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from tests.security.leaks.world import World


@dataclass(frozen=True, slots=True)
class Sabotage:
    """One wall and the statement that takes it down; `felt`: a seller then sees or misses rows."""

    kind: str
    statement: str
    felt: bool = False


# kind, whether a seller must feel it, and a query that gives one statement a wall.
_WALLS: Final = (
    (
        "force taken off",
        "FALSE",
        (
            "SELECT format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass)"
            " FROM pg_class WHERE relforcerowsecurity"
        ),
    ),
    (
        "row security taken off",
        (
            "EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid"
            " AND 'shopnow_seller'::regrole = ANY(polroles)) AND relname <> ALL(%(shared)s)"
            " AND has_any_column_privilege('shopnow_seller', oid, 'select')"
        ),
        (
            "SELECT format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', oid::regclass)"
            " FROM pg_class WHERE relrowsecurity"
        ),
    ),
    (
        "policy dropped",
        "FALSE",
        "SELECT format('DROP POLICY %I ON %s', polname, polrelid::regclass) FROM pg_policy",
    ),
    (
        "policy widened",
        (
            "'shopnow_seller'::regrole = ANY(polroles)"
            " AND has_any_column_privilege('shopnow_seller', polrelid, 'select')"
        ),
        (
            "SELECT format('ALTER POLICY %I ON %s USING (TRUE)', polname, polrelid::regclass)"
            " FROM pg_policy WHERE pg_get_expr(polqual, polrelid) <> 'true'"
        ),
    ),
    (
        "policy for everybody",
        "FALSE",
        (
            "SELECT format('ALTER POLICY %I ON %s TO PUBLIC', polname, polrelid::regclass)"
            " FROM pg_policy WHERE 0 <> ALL(polroles)"
        ),
    ),
    (
        "security_invoker taken off",
        "relnamespace::regnamespace::text = 'seller'",
        (
            "SELECT format('ALTER VIEW %s SET (security_invoker = false)', oid::regclass)"
            " FROM pg_class WHERE 'security_invoker=true' = ANY(reloptions)"
        ),
    ),
    (
        "table opened",
        "FALSE",
        (
            "SELECT format('GRANT SELECT ON %s TO shopnow_seller', oid::regclass) FROM pg_class"
            " WHERE relkind IN ('r', 'p', 'v')"
            " AND relnamespace::regnamespace::text = ANY(%(schemas)s)"
            " AND NOT has_table_privilege('shopnow_seller', oid, 'select')"
        ),
    ),
    (
        "table opened for writing",
        "FALSE",
        (
            "SELECT format('GRANT INSERT, UPDATE, DELETE ON %s TO PUBLIC', oid::regclass)"
            " FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace::regnamespace::text = ANY(%(schemas)s)"
        ),
    ),
    (
        "schema opened",
        "FALSE",
        (
            "SELECT format('GRANT USAGE, CREATE ON SCHEMA %I TO PUBLIC', nspname) FROM pg_namespace"
            " WHERE nspname = ANY(%(schemas)s || ARRAY['public'])"
        ),
    ),
    (
        "function opened",
        "FALSE",
        (
            "SELECT format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', oid::regprocedure)"
            " FROM pg_proc WHERE prokind = 'f'"
            " AND pronamespace::regnamespace::text = ANY(%(schemas)s)"
        ),
    ),
    (
        "function of the system opened",
        "FALSE",
        (
            "SELECT format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', oid::regprocedure)"
            " FROM pg_proc WHERE prokind = 'f' AND pronamespace = 'pg_catalog'::regnamespace"
            " AND NOT has_function_privilege('shopnow_seller', oid, 'execute')"
        ),
    ),
    (
        "table of the system opened",
        "FALSE",
        (
            "SELECT format('GRANT SELECT ON %s TO PUBLIC', oid::regclass) FROM pg_class"
            " WHERE relkind IN ('r', 'v') AND relnamespace = 'pg_catalog'::regnamespace"
            " AND NOT has_table_privilege('shopnow_seller', oid, 'select')"
        ),
    ),
    (
        "sequence opened",
        "FALSE",
        (
            "SELECT format('GRANT USAGE, SELECT ON SEQUENCE %s TO shopnow_seller', oid::regclass)"
            " FROM pg_class WHERE relkind = 'S'"
            " AND relnamespace::regnamespace::text = ANY(%(schemas)s)"
        ),
    ),
    (
        "database opened",
        "FALSE",
        (
            "SELECT format('GRANT %s ON DATABASE %I TO PUBLIC', allowed, current_database())"
            " FROM unnest(ARRAY['TEMPORARY', 'CREATE', 'CONNECT']) AS allowed"
        ),
    ),
    (
        "membership given",
        "FALSE",
        (
            "SELECT format('GRANT %I TO shopnow_seller', rolname) FROM pg_roles"
            " WHERE rolname ~ '^shopnow_' AND rolname <> 'shopnow_seller'"
            " AND NOT pg_has_role(oid, 'shopnow_seller', 'member')"
        ),
    ),
    (
        "power given",
        "FALSE",
        (
            "SELECT format('ALTER ROLE %I %s', %(attacker)s::text, power)"
            " FROM unnest(ARRAY['BYPASSRLS', 'SUPERUSER', 'CREATEROLE', 'CREATEDB', 'REPLICATION'])"
            " AS power"
        ),
    ),
    (
        "the question answered with everybody",
        "TRUE",
        (
            "SELECT 'CREATE OR REPLACE FUNCTION security.my_sellers() RETURNS integer[]"
            " LANGUAGE sql STABLE AS ''SELECT ARRAY[101, 102, 103]'''"
        ),
    ),
)


def sabotages(connection: psycopg.Connection, world: World) -> list[Sabotage]:
    """Return every wall that the catalogue shows, with the statement that takes it down."""
    values = {"schemas": list(SCHEMAS), "shared": list(SHARED), "attacker": world.attacker}
    found = []
    for kind, felt, query in _WALLS:
        head, tail = query.removeprefix("SELECT "), ""
        if " FROM pg_" in head:
            head, _, tail = head.partition(" FROM pg_")
            tail = " FROM pg_" + tail
        elif " FROM unnest" in head:
            head, _, tail = head.partition(" FROM unnest")
            tail = " FROM unnest" + tail
        text = _escaped(f"SELECT {head}, {felt}{tail} ORDER BY 1")
        for statement, is_felt in connection.execute(text, values):
            found.append(Sabotage(kind, statement, is_felt))
    return found


def _escaped(text: str) -> str:
    """Return a query whose format signs the driver leaves alone."""
    kept = text.replace("%", "%%")
    for name in ("schemas", "shared", "attacker"):
        kept = kept.replace(f"%%({name})s", f"%({name})s")
    return kept


@dataclass(frozen=True, slots=True)
class Caught:
    """What turned red: as a seller, by a rule of the catalogue, by the declaration."""

    sabotage: Sabotage
    by: str | None


def standing(connection: psycopg.Connection, world: World) -> frozenset[Leak]:
    """Return what the suite says before any sabotage: nothing, or what is not settled yet."""
    return frozenset(
        [*_felt(connection, world), *structure(connection), *declaration(connection, world)]
    )


def try_one(
    connection: psycopg.Connection, world: World, sabotage: Sabotage, before: frozenset[Leak]
) -> Caught:
    """Take one wall down, run the suite until it is red anew, and put the wall back."""
    with connection.transaction(force_rollback=True):
        connection.execute(sabotage.statement)
        if any(leak not in before for leak in _felt(connection, world)):
            return Caught(sabotage, "felt by a seller")
        if any(leak not in before for leak in structure(connection)):
            return Caught(sabotage, "rule of the catalogue")
        if any(leak not in before for leak in declaration(connection, world)):
            return Caught(sabotage, "declaration")
    return Caught(sabotage, None)


def _felt(connection: psycopg.Connection, world: World) -> Iterator[Leak]:
    """Yield what a seller then sees of others, or misses of its own."""
    attacker = Attacker(connection, world)
    with connection.transaction(force_rollback=True):
        connection.execute(
            sql.SQL("SET LOCAL SESSION AUTHORIZATION {}").format(sql.Identifier(world.attacker))
        )
        readable = [one for one in relations(attacker) if one.is_ours and one.readable]
        leaks = [*swept(attacker, readable), *own_rows(attacker)]
    yield from leaks


def counted(done: list[Caught]) -> dict[str, Counter[str]]:
    """Return by kind how many were caught by what."""
    counts: dict[str, Counter[str]] = {}
    for one in done:
        counts.setdefault(one.sabotage.kind, Counter())[one.by or "NOT CAUGHT"] += 1
    return counts
