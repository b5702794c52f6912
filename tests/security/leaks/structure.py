"""Rules of the catalogue that hold for every relation: walls that an attacker of today cannot feel.

Row security forced on a table bites only once its owner is asked; a policy of the staff is felt by
the staff. So these rules are read, with the rights of whoever runs the suite, and each says what it
finds; together with the probes of an attacker they make one suite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.security.leaks.attack import Leak

from shopnow.security.declared import compare, compare_roles, load_declaration, read_found

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg
    from tests.security.leaks.world import World

# Each gives one row a finding: the object.
RULES: Final = {
    "every table has row security, forced": """
        SELECT oid::regclass::text FROM pg_class
        WHERE relkind IN ('r', 'p') AND NOT relispartition
            AND NOT (relrowsecurity AND relforcerowsecurity)
            AND relnamespace::regnamespace::text = ANY(%(schemas)s)
    """,
    "every view runs with the rights of who asks": """
        SELECT oid::regclass::text FROM pg_class
        WHERE relkind = 'v' AND relnamespace::regnamespace::text = ANY(%(schemas)s)
            AND NOT coalesce('security_invoker=true' = ANY(reloptions), FALSE)
    """,
    "a right on rows has a policy that lets some through": """
        SELECT pg_class.oid::regclass || ' ' || may.grantee::regrole || ' ' || may.privilege_type
        FROM pg_class
        CROSS JOIN LATERAL aclexplode(relacl) AS may
        INNER JOIN pg_roles ON pg_roles.oid = may.grantee
        WHERE relkind IN ('r', 'p') AND NOT relispartition AND NOT rolbypassrls
            AND relnamespace::regnamespace::text = ANY(%(schemas)s)
            AND may.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
            AND NOT EXISTS (
                SELECT FROM pg_policy
                WHERE polrelid = pg_class.oid AND polpermissive AND may.grantee = ANY(polroles)
                    AND polcmd IN ('*', CASE may.privilege_type WHEN 'SELECT' THEN 'r'
                        WHEN 'INSERT' THEN 'a' WHEN 'UPDATE' THEN 'w' ELSE 'd' END)
            )
    """,
    "a right on a column has a policy that lets some rows through": """
        SELECT DISTINCT attrelid::regclass || ' ' || may.grantee::regrole || ' '
            || may.privilege_type
        FROM pg_attribute
        INNER JOIN pg_class ON pg_class.oid = attrelid
        CROSS JOIN LATERAL aclexplode(attacl) AS may
        INNER JOIN pg_roles ON pg_roles.oid = may.grantee
        WHERE relkind IN ('r', 'p') AND NOT rolbypassrls
            AND relnamespace::regnamespace::text = ANY(%(schemas)s)
            AND may.privilege_type IN ('SELECT', 'INSERT', 'UPDATE')
            AND NOT EXISTS (
                SELECT FROM pg_policy
                WHERE polrelid = attrelid AND polpermissive AND may.grantee = ANY(polroles)
                    AND polcmd IN ('*', CASE may.privilege_type WHEN 'SELECT' THEN 'r'
                        WHEN 'INSERT' THEN 'a' ELSE 'w' END)
            )
    """,
    "sellers have policies to read, of the three forms there are": """
        SELECT polname || ' on ' || polrelid::regclass FROM pg_policy
        WHERE ('shopnow_seller'::regrole = ANY(polroles) OR 0 = ANY(polroles))
            AND NOT (
                polcmd = 'r' AND polwithcheck IS NULL AND 0 <> ALL(polroles)
                AND (
                    pg_get_expr(polqual, polrelid) ~
                    '^\\(?\\(?(seller_no|sender_no) = ANY \\(\\( SELECT security.my_sellers\\(\\)'
                    OR polrelid = 'security.seller_access'::regclass
                        AND pg_get_expr(polqual, polrelid) ~* 'role_name = current_user'
                    OR polrelid IN ('dwh.dim_date'::regclass, 'dwh.dim_category'::regclass)
                )
            )
    """,
    "nobody in particular has no right": """
        SELECT 'schema ' || nspname FROM pg_namespace, aclexplode(nspacl)
        WHERE grantee = 0 AND (nspname = ANY(%(schemas)s) OR nspname = 'public')
        UNION ALL
        SELECT 'relation ' || oid::regclass FROM pg_class, aclexplode(relacl)
        WHERE grantee = 0 AND relnamespace::regnamespace::text = ANY(%(schemas)s)
        UNION ALL
        SELECT 'column of ' || attrelid::regclass FROM pg_attribute
        INNER JOIN pg_class ON pg_class.oid = attrelid, aclexplode(attacl)
        WHERE grantee = 0 AND relnamespace::regnamespace::text = ANY(%(schemas)s)
        UNION ALL
        SELECT 'function ' || oid::regprocedure
        FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
        WHERE grantee = 0 AND pronamespace::regnamespace::text = ANY(%(schemas)s)
        UNION ALL
        SELECT 'database ' || privilege_type
        FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
        WHERE grantee = 0 AND datname = current_database()
    """,
    "what runs with its owner's rights pins its path, and nothing calls itself leakproof": """
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE pronamespace::regnamespace::text = ANY(%(schemas)s)
            AND (
                proleakproof
                OR prosecdef AND NOT EXISTS (
                    SELECT FROM unnest(proconfig) AS setting
                    WHERE setting LIKE 'search_path=%%'
                )
            )
    """,
    "objects of the system have no more rights than they came with": """
        SELECT 'function ' || oid::regprocedure FROM pg_proc
        LEFT JOIN pg_init_privs ON classoid = 'pg_proc'::regclass AND objoid = oid
        CROSS JOIN LATERAL aclexplode(proacl) AS now
        WHERE pronamespace = 'pg_catalog'::regnamespace
            AND NOT EXISTS (
                SELECT FROM aclexplode(coalesce(initprivs, acldefault('f', proowner))) AS came
                WHERE (came.grantee, came.privilege_type) = (now.grantee, now.privilege_type)
            )
        UNION ALL
        SELECT 'relation ' || oid::regclass FROM pg_class
        LEFT JOIN pg_init_privs
            ON classoid = 'pg_class'::regclass AND objoid = oid AND objsubid = 0
        CROSS JOIN LATERAL aclexplode(relacl) AS now
        WHERE relnamespace = 'pg_catalog'::regnamespace
            AND NOT EXISTS (
                SELECT FROM aclexplode(coalesce(initprivs, acldefault('r', relowner))) AS came
                WHERE (came.grantee, came.privilege_type) = (now.grantee, now.privilege_type)
            )
    """,
    "nobody in particular makes large objects": """
        SELECT oid::regprocedure::text FROM pg_proc
        WHERE proname IN ('lo_creat', 'lo_create', 'lo_from_bytea', 'lo_import')
            AND has_function_privilege('public', oid, 'execute')
    """,
    "a seller is a member of the group of sellers alone, and may be no more than that": """
        SELECT member::regrole || ' in ' || roleid::regrole FROM pg_auth_members
        WHERE (
            member = 'shopnow_seller'::regrole
            OR member IN (
                SELECT member FROM pg_auth_members WHERE roleid = 'shopnow_seller'::regrole
            ) AND (roleid <> 'shopnow_seller'::regrole OR set_option OR admin_option)
        )
        UNION ALL
        SELECT rolname::text FROM pg_roles
        WHERE (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)
            AND (rolname = 'shopnow_seller' OR oid IN (
                SELECT member FROM pg_auth_members WHERE roleid = 'shopnow_seller'::regrole
            ))
    """,
    "counters are nothing for sellers": """
        SELECT oid::regclass::text FROM pg_class, aclexplode(relacl)
        WHERE relkind = 'S' AND grantee IN (0, 'shopnow_seller'::regrole)
    """,
    "what a seller reads has an index that begins with whose it is": """
        SELECT polrelid::regclass::text FROM pg_policy
        INNER JOIN pg_class ON pg_class.oid = polrelid
        INNER JOIN pg_attribute ON attrelid = polrelid AND attname IN ('seller_no', 'sender_no')
        WHERE 'shopnow_seller'::regrole = ANY(polroles)
            AND polrelid <> 'security.seller_access'::regclass
            AND NOT EXISTS (
                SELECT FROM pg_index WHERE indrelid = polrelid AND indkey[0] = attnum
            )
    """,
}
SCHEMAS: Final = (
    "staging", "history", "quality", "dwh", "mart", "seller", "legacy", "privacy", "journal",
    "security", "desk", "jobs",
)  # fmt: skip


def structure(connection: psycopg.Connection) -> Iterator[Leak]:
    """Yield what breaks a rule of the catalogue."""
    for rule, statement in RULES.items():
        for (what,) in connection.execute(statement, {"schemas": list(SCHEMAS)}):
            yield Leak("structure", rule, str(what))


def declaration(connection: psycopg.Connection, world: World) -> Iterator[Leak]:
    """Yield where rights, policies and roles are not those declared, as `access check` does."""
    declared = load_declaration(world.settings.access_file)
    found = read_found(connection)
    known = {world.attacker, world.victim}
    for finding in (*compare_roles(declared, found, known), *compare(declared, found)):
        yield Leak("declaration", "access check", str(finding))
