-- Purpose: the roles of the server that are accesses of this database or of another: what they may
-- be, what they are members of, and who may take them.
-- Grain: one row a role.
-- Parameters: marker, how the comment of such a role begins.
SELECT
    role.rolname AS name,
    role.rolcanlogin AS can_login,
    role.rolsuper OR role.rolbypassrls OR role.rolcreaterole OR role.rolcreatedb
    OR role.rolreplication AS is_mighty,
    role.rolinherit AS inherits,
    role.rolconnlimit AS connections,
    CASE
        WHEN role.rolvaliduntil = 'infinity' THEN NULL
        ELSE role.rolvaliduntil
    END AS valid_until,
    coalesce(settings.setconfig, '{}') AS settings,
    remark.description AS remark,
    coalesce(
        (
            SELECT
                array_agg(
                    pg_get_userbyid(membership.roleid)
                    || ' ' || membership.inherit_option
                    || ' ' || membership.set_option
                    || ' ' || membership.admin_option
                    ORDER BY pg_get_userbyid(membership.roleid)
                )
            FROM pg_catalog.pg_auth_members AS membership
            WHERE membership.member = role.oid
        ),
        '{}'
    ) AS groups,
    coalesce(
        (
            SELECT
                array_agg(
                    pg_get_userbyid(membership.member)
                    || ' ' || membership.inherit_option
                    || ' ' || membership.set_option
                    || ' ' || membership.admin_option
                    ORDER BY pg_get_userbyid(membership.member)
                )
            FROM pg_catalog.pg_auth_members AS membership
            WHERE membership.roleid = role.oid
        ),
        '{}'
    ) AS taken_by
FROM pg_catalog.pg_roles AS role
INNER JOIN pg_catalog.pg_shdescription AS remark
    ON remark.objoid = role.oid AND remark.classoid = 'pg_authid'::regclass
LEFT JOIN pg_catalog.pg_db_role_setting AS settings
    ON settings.setrole = role.oid AND settings.setdatabase = 0
WHERE starts_with(remark.description, %(marker)s)
