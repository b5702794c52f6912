-- Purpose: the schemas of the product and what each is for. Grain: schema.
-- Parameters: owner, the role that owns them.

SELECT
    space.nspname AS schema_name,
    obj_description(space.oid, 'pg_namespace') AS comment
FROM pg_namespace AS space
WHERE
    space.nspowner = to_regrole(%(owner)s)
    AND space.nspname <> 'public'
    AND space.nspname NOT LIKE 'pg\_%%'
ORDER BY space.nspname;
