-- Purpose: roles of the cluster, their traits and memberships, one line each; no password.
SELECT
    'role ' || r.rolname
    || CASE WHEN r.rolcanlogin THEN ' login' ELSE '' END
    || CASE WHEN r.rolsuper THEN ' superuser' ELSE '' END
    || CASE WHEN r.rolbypassrls THEN ' bypassrls' ELSE '' END
    || CASE WHEN r.rolreplication THEN ' replication' ELSE '' END
    || ' limit ' || r.rolconnlimit::text
    || coalesce(' valid until ' || r.rolvaliduntil::text, '')
    || coalesce(' set ' || array_to_string(r.rolconfig, ', '), '') AS line
FROM pg_roles AS r
WHERE r.rolname NOT LIKE 'pg\_%'
UNION ALL
SELECT
    'member ' || m.member::regrole::text || ' of ' || m.roleid::regrole::text
    || CASE WHEN m.inherit_option THEN ' inherit' ELSE '' END
    || CASE WHEN m.set_option THEN ' set' ELSE '' END
FROM pg_auth_members AS m
WHERE m.member::regrole::text NOT LIKE 'pg\_%'
