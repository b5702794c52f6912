-- Purpose: columns with type, comment and how they get their values. Grain: column.
-- Parameters: owner, the role that owns the schemas.

SELECT
    space.nspname AS schema_name,
    relation.relname AS relation_name,
    attribute.attname AS column_name,
    format_type(attribute.atttypid, attribute.atttypmod) AS type_name,
    attribute.attnotnull AS is_required,
    CASE
        WHEN attribute.attidentity <> '' THEN 'identity'
        WHEN attribute.attgenerated <> '' THEN 'generated'
    END AS origin,
    col_description(relation.oid, attribute.attnum) AS comment
FROM pg_attribute AS attribute
INNER JOIN pg_class AS relation ON attribute.attrelid = relation.oid
INNER JOIN pg_namespace AS space ON relation.relnamespace = space.oid
WHERE
    space.nspowner = to_regrole(%(owner)s)
    AND space.nspname <> 'public'
    AND space.nspname NOT LIKE 'pg\_%%'
    AND relation.relkind IN ('r', 'p', 'v', 'm')
    AND NOT relation.relispartition
    AND attribute.attnum > 0
    AND NOT attribute.attisdropped
ORDER BY
    space.nspname,
    relation.relname,
    attribute.attnum;
