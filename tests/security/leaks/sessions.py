"""Probes over what a session can set, become, keep or make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from tests.security.leaks.attack import Leak, leaks_of, not_denied, probe
from tests.security.leaks.world import MINE, THEIRS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.security.leaks.attack import Attacker

# Reads everything a seller reads, in one row a view.
SWEEP = """
SELECT 'orders' AS what, seller_no FROM seller.my_orders
UNION ALL SELECT 'products', seller_no FROM seller.my_products
UNION ALL SELECT 'offers', seller_no FROM seller.my_offers
UNION ALL SELECT 'deliveries', seller_no FROM seller.my_deliveries
UNION ALL SELECT 'rejects', seller_no FROM seller.my_rejects
UNION ALL SELECT 'fact', seller_no FROM dwh.fact_order
UNION ALL SELECT 'access', seller_no FROM security.seller_access
"""
# Says with what the attacker was stopped, none of which is a leak.
_STOPPED = ("57014", "54000", "53200", "22023", "42501", "0A000", "54001", "42704", "25006")


def _sweep_after(attacker: Attacker, name: str, *statements: sql.Composed | str) -> Iterator[Leak]:
    """Run statements, then read everything, in one transaction that is taken back."""
    shown = "; ".join(one if isinstance(one, str) else one.as_string(None) for one in statements)
    attacker.asked += 1
    try:
        with attacker.connection.transaction(force_rollback=True):
            for statement in statements:
                attacker.connection.execute(statement)
            rows = attacker.connection.execute(SWEEP).fetchall()
    except psycopg.Error as error:
        yield from leaks_of(name, attacker.refused(shown, error))
        return
    for what, seller_no in rows:
        if seller_no != MINE:
            yield Leak(name, shown, f"{what} of {seller_no}")


@probe("becomes every role there is, by SET ROLE and SET SESSION AUTHORIZATION")
def other_roles(attacker: Attacker) -> Iterator[Leak]:
    """A seller role may become nobody but itself."""
    myself = attacker.world.attacker
    roles = attacker.connection.execute("SELECT rolname FROM pg_roles").fetchall()
    for (role,) in roles:
        if role == myself:
            continue
        for form in ("SET ROLE {}", "SET SESSION AUTHORIZATION {}"):
            statement = sql.SQL(form).format(sql.Identifier(role))
            yield from not_denied("other_roles", attacker.ask(statement))
        grant = sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(myself))
        yield from not_denied("other_roles", attacker.ask(grant))


@probe("sets every setting a session may set to every value it may take, then reads")
def every_setting(attacker: Attacker) -> Iterator[Leak]:
    """No setting opens a row: policies ask who it is, never what it says."""
    rows = attacker.connection.execute(
        "SELECT name, vartype, setting, min_val, max_val, enumvals FROM pg_settings"
    ).fetchall()
    for name, kind, setting, low, high, words in rows:
        values = {
            "bool": ["off" if setting == "on" else "on"],
            "enum": list(words or ()),
            "integer": [low, high],
            "real": [low, high],
            "string": ["shopnow_owner", str(THEIRS)],
        }[kind]
        if name in {"statement_timeout", "transaction_timeout", "lock_timeout", "role",
                    "idle_in_transaction_session_timeout", "session_authorization"}:  # fmt: skip
            continue
        for value in values:
            statement = sql.SQL("SET LOCAL {} = {}").format(
                sql.Identifier(name), sql.Literal(value)
            )
            yield from _sweep_after(attacker, "every_setting", statement)


@probe("says in settings of its own making that it is somebody else")
def invented_settings(attacker: Attacker) -> Iterator[Leak]:
    """What an application would put there means nothing."""
    for name in ("shopnow.seller_no", "app.tenant_id", "request.jwt.claims", "citus.x",
                 "shopnow.current_seller"):  # fmt: skip
        for value in (str(THEIRS), "0", "", '{"seller_no": 102, "role": "shopnow_owner"}'):
            statement = sql.SQL("SELECT set_config({}, {}, TRUE)").format(
                sql.Literal(name), sql.Literal(value)
            )
            yield from _sweep_after(attacker, "invented_settings", statement)


@probe(
    "turns triggers and rules off with session_replication_role, and row security with row_security"
)
def replication_role(attacker: Attacker) -> Iterator[Leak]:
    """The first is refused; the second makes queries fail, never wider."""
    yield from not_denied(
        "replication_role", attacker.ask("SET LOCAL session_replication_role = replica")
    )
    yield from _sweep_after(attacker, "replication_role", "SET LOCAL row_security = off")


@probe("puts objects of its own in the way by search_path and temporary schemas")
def search_path(attacker: Attacker) -> Iterator[Leak]:
    """Nothing of its own can be made, and no path changes what a policy asks."""
    for statement in (
        "CREATE TEMP TABLE seller_access (seller_no integer)",
        "CREATE TEMP VIEW seller_access AS SELECT 102 AS seller_no",
        "CREATE TEMP SEQUENCE s",
        "CREATE FUNCTION pg_temp.my_sellers() RETURNS integer[] LANGUAGE sql AS 'SELECT ''{102}'''",
        "CREATE SCHEMA mine",
        "CREATE TABLE public.seller_access (seller_no integer)",
        "CREATE TABLE seller.my_orders2 AS SELECT 1 AS one",
        "SELECT 1 AS one INTO public.copied",
    ):
        yield from not_denied("search_path", attacker.ask(statement))
    for path in (
        "public, seller, security",
        "pg_temp, security, dwh",
        "''",
        "security, pg_catalog",
    ):
        yield from _sweep_after(attacker, "search_path", f"SET LOCAL search_path = {path}")


@probe("makes functions, operators, casts and languages that would see rows before the policy does")
def own_functions(attacker: Attacker) -> Iterator[Leak]:
    """No schema takes an object of a seller's, so that no function of his runs inside a query."""
    body = "RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$ BEGIN RAISE NOTICE '%', $1;"
    schemas = attacker.connection.execute("SELECT nspname FROM pg_namespace").fetchall()
    for (schema,) in schemas:
        function = sql.SQL("CREATE FUNCTION {}.spy(anyelement) " + body + " RETURN TRUE; END $$")
        yield from not_denied(
            "own_functions", attacker.ask(function.format(sql.Identifier(schema)))
        )
        operator = sql.SQL(
            "CREATE OPERATOR {}.<<< (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)"
        )
        yield from not_denied(
            "own_functions", attacker.ask(operator.format(sql.Identifier(schema)))
        )
    for statement in (
        "CREATE CAST (text AS integer) WITH INOUT AS IMPLICIT",
        "ALTER FUNCTION security.my_sellers() LEAKPROOF",
        (
            "CREATE OR REPLACE FUNCTION security.my_sellers() RETURNS integer[] LANGUAGE sql"
            " AS 'SELECT ARRAY[102]'"
        ),
        "CREATE TRUSTED LANGUAGE plperl",
    ):
        answer = attacker.ask(statement)
        if answer.sqlstate is None:
            yield Leak("own_functions", statement, "allowed")


@probe("makes built-in functions fail on rows, so that the error tells the value")
def failing_functions(attacker: Attacker) -> Iterator[Leak]:
    """Conditions that fail or speak are asked after the policy, whatever the plan."""
    targets = (
        ("seller.my_products", "title"),
        ("dwh.dim_product", "title"),
        ("seller.my_orders", "buyer_ref"),
        ("dwh.fact_order", "order_ref"),
        ("staging.delivery", "file_name"),
        ("quality.reject", "kind"),
        ("security.seller_access", "role_name"),
    )
    conditions = (
        "({0})::text::integer = 0",
        "({0})::text::date IS NULL",
        "({0})::text::jsonb IS NULL",
        "({0})::text::uuid IS NULL",
        "1 / (length(({0})::text) - length(({0})::text)) = 1",
        "(({0})::text || '(') ~ ({0})::text || '('",
        "to_date(({0})::text, 'YYYY-MM-DD') IS NULL",
        "set_config('leak.it', ({0})::text, FALSE) = ''",
        "decode(({0})::text, 'hex') IS NULL",
        "('{{' || ({0})::text)::text[] IS NULL",
        "pg_input_is_valid(({0})::text, 'integer') AND ({0})::text::regclass IS NULL",
    )
    plans = (
        "",
        "SET LOCAL enable_seqscan = off",
        "SET LOCAL enable_indexscan = off",
        "SET LOCAL from_collapse_limit = 1",
        "SET LOCAL debug_parallel_query = on",
    )
    for table, column in targets:
        for condition in conditions:
            for plan in plans:
                statement = f"SELECT 1 FROM {table} WHERE {condition.format(column)}"  # noqa: S608
                attacker.asked += 1
                try:
                    with attacker.connection.transaction(force_rollback=True):
                        if plan:
                            attacker.connection.execute(plan)
                        attacker.connection.execute(statement)
                        said = attacker.connection.execute(
                            "SELECT current_setting('leak.it', TRUE)"
                        ).fetchone()
                except psycopg.Error as error:
                    yield from leaks_of("failing_functions", attacker.refused(statement, error))
                    continue
                if said and "CANARY_102" in (said[0] or ""):
                    yield Leak("failing_functions", statement, said[0])


@probe("keeps cursors and prepared statements while it looks elsewhere")
def cursors(attacker: Attacker) -> Iterator[Leak]:
    """A cursor, its way back and WHERE CURRENT OF show no other rows."""
    with attacker.connection.transaction(force_rollback=True):
        attacker.connection.execute(
            "DECLARE spy SCROLL CURSOR FOR SELECT seller_no FROM seller.my_orders"
        )
        attacker.connection.execute("PREPARE spy AS SELECT seller_no FROM seller.my_orders")
        for statement in ("FETCH ALL FROM spy", "FETCH BACKWARD ALL FROM spy", "EXECUTE spy"):
            for (seller_no,) in attacker.connection.execute(statement).fetchall():
                if seller_no != MINE:
                    yield Leak("cursors", statement, str(seller_no))
    yield from leaks_of(
        "cursors",
        attacker.ask("SELECT * FROM pg_cursors"),
        attacker.ask("SELECT * FROM pg_prepared_statements"),
        attacker.ask("SELECT * FROM pg_prepared_xacts"),
    )


@probe("makes more of its own role: powers, limits, dates, members, other owners")
def own_role(attacker: Attacker) -> Iterator[Leak]:
    """A seller changes no more of its role than its password and its own habits."""
    me, other = sql.Identifier(attacker.world.attacker), sql.Identifier(attacker.world.victim)
    for statement in (
        "ALTER ROLE {0} BYPASSRLS",
        "ALTER ROLE {0} SUPERUSER",
        "ALTER ROLE {0} CREATEROLE",
        "ALTER ROLE {0} CONNECTION LIMIT 100",
        "ALTER ROLE {0} VALID UNTIL 'infinity'",
        "ALTER ROLE {0} RENAME TO another",
        "ALTER ROLE {0} SET temp_file_limit = -1",
        "ALTER ROLE {0} SET session_replication_role = replica",
        "ALTER ROLE {1} PASSWORD 'mine'",
        "ALTER ROLE {1} SET search_path = ''",
        "ALTER ROLE ALL SET row_security = off",
        "GRANT {0} TO {1}",
        "GRANT shopnow_seller TO {0} WITH ADMIN OPTION",
        "COMMENT ON ROLE {1} IS 'mine'",
        "CREATE ROLE another",
        "DROP ROLE {1}",
        "REASSIGN OWNED BY {1} TO {0}",
        "DROP OWNED BY {1}",
    ):
        answer = attacker.ask(sql.SQL(statement).format(me, other))
        if answer.sqlstate is None:
            yield Leak("own_role", answer.statement, "allowed")
