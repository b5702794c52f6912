-- Purpose: what holds about security in the catalogue now, kept; what differs from the last time.
-- Grain: one row a difference: action (INSERT, UPDATE, DELETE), kind, object, before, after.
-- The linter does not know MERGE with RETURNING.
-- Parameters: seen_at; arrays of one length: file_names, file_facts (what the catalogue cannot know);
-- likewise password_roles, password_facts, and passwords_read: whether they could be read.
WITH own_schema AS ( -- noqa: PRS
    SELECT
        oid,
        nspname,
        nspowner,
        nspacl
    FROM pg_namespace
    WHERE nspname !~ '^pg_'
        AND nspname <> 'information_schema'
),

own_relation AS (
    SELECT
        relation.*,
        format('%%I.%%I', own_schema.nspname, relation.relname) AS full_name
    FROM pg_class AS relation
    INNER JOIN own_schema ON own_schema.oid = relation.relnamespace
    WHERE relation.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
),

own_function AS (
    SELECT
        routine.*,
        format(
            '%%I.%%I(%%s)',
            own_schema.nspname,
            routine.proname,
            pg_get_function_identity_arguments(routine.oid)
        ) AS full_name
    FROM pg_proc AS routine
    INNER JOIN own_schema ON own_schema.oid = routine.pronamespace
    WHERE NOT EXISTS (
            SELECT
            FROM pg_depend AS made
            WHERE made.classid = 'pg_proc'::regclass
                AND made.objid = routine.oid
                AND made.deptype = 'e'
        )
),

-- Who may what with what; what an owner may with his own is not said, partitions only where somebody
-- beside the loader may something, because each load makes some.
allowed AS (
    SELECT
        'schema' AS what,
        nspname::text AS full_name,
        nspowner AS owner,
        coalesce(nspacl, acldefault('n', nspowner)) AS acl,
        FALSE AS is_partition
    FROM own_schema
    UNION ALL
    SELECT
        CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END,
        full_name,
        relowner,
        coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)),
        relispartition
    FROM own_relation
    UNION ALL
    SELECT
        'column',
        own_relation.full_name || '.' || attribute.attname,
        own_relation.relowner,
        attribute.attacl,
        own_relation.relispartition
    FROM pg_attribute AS attribute
    INNER JOIN own_relation ON own_relation.oid = attribute.attrelid
    WHERE attribute.attacl IS NOT NULL
    UNION ALL
    SELECT
        'function',
        full_name,
        proowner,
        coalesce(proacl, acldefault('f', proowner)),
        FALSE
    FROM own_function
    UNION ALL
    SELECT
        'function',
        oid::regprocedure::text,
        proowner,
        proacl,
        FALSE
    FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
        AND proacl IS NOT NULL
    UNION ALL
    SELECT
        'system table',
        relname,
        relowner,
        relacl,
        FALSE
    FROM pg_class
    WHERE relnamespace = 'pg_catalog'::regnamespace
        AND relacl IS NOT NULL
    UNION ALL
    SELECT
        'database',
        datname,
        datdba,
        coalesce(datacl, acldefault('d', datdba)),
        FALSE
    FROM pg_database
    WHERE datname = current_database()
    UNION ALL
    SELECT
        'setting',
        parname,
        10,
        paracl,
        FALSE
    FROM pg_parameter_acl
    UNION ALL
    SELECT
        'default of ' || defaclobjtype::text,
        coalesce(defaclnamespace::regnamespace::text, '*'),
        defaclrole,
        defaclacl,
        FALSE
    FROM pg_default_acl
),

granted AS (
    SELECT
        allowed.what || ' ' || allowed.full_name || ' → '
        || CASE right_of.grantee WHEN 0 THEN 'PUBLIC' ELSE right_of.grantee::regrole::text END
            AS object,
        string_agg(
            right_of.privilege_type || CASE WHEN right_of.is_grantable THEN '*' ELSE '' END,
            ', ' ORDER BY right_of.privilege_type
        ) AS fact
    FROM allowed
    CROSS JOIN LATERAL aclexplode(allowed.acl) AS right_of
    WHERE right_of.grantee <> allowed.owner
        AND NOT (
            allowed.is_partition
            AND right_of.grantee IN (
                SELECT oid
                FROM pg_roles
                WHERE rolname IN ('shopnow_etl', 'shopnow_backup')
            )
        )
    GROUP BY allowed.what, allowed.full_name, right_of.grantee
),

seen AS (
    SELECT
        'role' AS kind,
        rolname::text AS object,
        concat_ws(
            ' ',
            CASE WHEN rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
            CASE WHEN rolsuper THEN 'SUPERUSER' END,
            CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
            CASE WHEN rolcreatedb THEN 'CREATEDB' END,
            CASE WHEN rolreplication THEN 'REPLICATION' END,
            CASE WHEN rolbypassrls THEN 'BYPASSRLS' END,
            CASE WHEN NOT rolinherit THEN 'NOINHERIT' END,
            'CONNECTION LIMIT ' || rolconnlimit,
            'VALID UNTIL ' || rolvaliduntil
        ) AS fact
    FROM pg_roles
    UNION ALL
    SELECT
        'membership',
        member::regrole::text || ' in ' || roleid::regrole::text
        || ' by ' || grantor::regrole::text,
        format('ADMIN %%s, INHERIT %%s, SET %%s', admin_option, inherit_option, set_option)
    FROM pg_auth_members
    UNION ALL
    SELECT
        'role setting',
        CASE setrole WHEN 0 THEN 'all' ELSE setrole::regrole::text END || ' in '
        || coalesce(base.datname, 'all'),
        array_to_string(setconfig, ', ')
    FROM pg_db_role_setting
    LEFT JOIN pg_database AS base ON base.oid = setdatabase
    WHERE setdatabase = 0
        OR base.datname = current_database()
    UNION ALL
    SELECT
        'grant',
        object,
        fact
    FROM granted
    UNION ALL
    SELECT
        'relation',
        full_name,
        concat_ws(
            ' ',
            'owner ' || relowner::regrole::text,
            CASE WHEN relrowsecurity THEN 'ROW SECURITY' END,
            CASE WHEN relforcerowsecurity THEN 'FORCED' END,
            array_to_string(reloptions, ' '),
            CASE WHEN relkind = 'v' THEN md5(pg_get_viewdef(oid)) END
        )
    FROM own_relation
    WHERE NOT relispartition
        AND relkind <> 'S'
    UNION ALL
    SELECT
        'policy',
        policy.polname || ' on ' || own_relation.full_name,
        concat_ws(
            ' ',
            CASE WHEN policy.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
            'FOR ' || policy.polcmd::text,
            'TO ' || array_to_string(
                ARRAY(
                    SELECT CASE whom WHEN 0 THEN 'PUBLIC' ELSE whom::regrole::text END AS named
                    FROM unnest(policy.polroles) AS whom
                    ORDER BY named
                ),
                ', '
            ),
            'USING ' || pg_get_expr(policy.polqual, policy.polrelid),
            'CHECK ' || pg_get_expr(policy.polwithcheck, policy.polrelid)
        )
    FROM pg_policy AS policy
    INNER JOIN own_relation ON own_relation.oid = policy.polrelid
    UNION ALL
    SELECT
        'function',
        full_name,
        concat_ws(
            ' ',
            'owner ' || proowner::regrole::text,
            CASE WHEN prosecdef THEN 'SECURITY DEFINER' END,
            CASE WHEN proleakproof THEN 'LEAKPROOF' END,
            array_to_string(proconfig, ' '),
            md5(coalesce(pg_get_function_sqlbody(oid), prosrc))
        )
    FROM own_function
    UNION ALL
    SELECT
        'trigger',
        trigger.tgname || ' on ' || own_relation.full_name,
        'enabled ' || trigger.tgenabled::text || ' ' || md5(pg_get_triggerdef(trigger.oid))
    FROM pg_trigger AS trigger
    INNER JOIN own_relation ON own_relation.oid = trigger.tgrelid
    WHERE NOT trigger.tgisinternal
        AND NOT own_relation.relispartition
    UNION ALL
    SELECT
        'event trigger',
        evtname,
        'enabled ' || evtenabled::text || ' ' || evtevent
    FROM pg_event_trigger
    UNION ALL
    SELECT
        'extension',
        extname,
        extversion
    FROM pg_extension
    UNION ALL
    SELECT
        'server setting',
        name,
        coalesce(setting, '')
    FROM pg_settings
    WHERE source = 'configuration file'
        AND name <> 'port'
        AND (
            category LIKE 'Connections and Authentication%%'
            OR category LIKE 'Reporting and Logging%%'
            OR category LIKE 'Write-Ahead Log / Archiving%%'
            OR name IN ('row_security', 'session_replication_role', 'shared_preload_libraries')
        )
    UNION ALL
    SELECT
        'migration',
        name,
        sha256
    FROM journal.migration
    UNION ALL
    SELECT
        'server file',
        named.file_name,
        named.fact
    FROM unnest(%(file_names)s::text[], %(file_facts)s::text[]) AS named (file_name, fact)
    UNION ALL
    SELECT
        'password',
        named.role_name,
        named.fact
    FROM unnest(%(password_roles)s::text[], %(password_facts)s::text[]) AS named (role_name, fact)
)

MERGE INTO journal.catalogue_fact AS kept
USING seen ON seen.kind = kept.kind AND seen.object = kept.object
WHEN MATCHED AND kept.fact <> seen.fact THEN
    UPDATE SET fact = seen.fact, seen_at = %(seen_at)s
WHEN NOT MATCHED BY TARGET THEN
    INSERT (kind, object, fact, seen_at)
    VALUES (seen.kind, seen.object, seen.fact, %(seen_at)s)
WHEN NOT MATCHED BY SOURCE AND (kept.kind <> 'password' OR %(passwords_read)s) THEN
    DELETE
RETURNING
    merge_action() AS action,
    coalesce(new.kind, old.kind) AS kind,
    coalesce(new.object, old.object) AS object,
    old.fact AS before,
    new.fact AS after
