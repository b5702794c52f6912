-- Purpose: tables, their partitions, and what was built on them: views, foreign keys of others.
-- Grain: one schema and name, as a table of contents writes them. Parameter: names (of tables).
WITH RECURSIVE wanted AS (
    SELECT t.name::regclass AS relation
    FROM unnest(%(names)s::text[]) AS t (name)
    UNION
    SELECT o.relation
    FROM wanted AS w
    INNER JOIN
        (
            SELECT
                i.inhparent AS about,
                i.inhrelid::regclass AS relation
            FROM pg_inherits AS i
            UNION ALL
            SELECT
                d.refobjid,
                r.ev_class::regclass
            FROM pg_depend AS d
            INNER JOIN pg_rewrite AS r
                ON d.objid = r.oid
            WHERE d.classid = 'pg_rewrite'::regclass
        ) AS o
        ON w.relation = o.about
)

SELECT
    n.nspname AS schema_name,
    c.relname AS name
FROM wanted AS w
INNER JOIN pg_class AS c
    ON w.relation = c.oid
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
UNION
SELECT
    n.nspname,
    k.conname
FROM wanted AS w
INNER JOIN pg_constraint AS k
    ON k.confrelid = w.relation
INNER JOIN pg_namespace AS n
    ON k.connamespace = n.oid
UNION
SELECT
    n.nspname,
    o.relname
FROM wanted AS w
INNER JOIN pg_depend AS d
    ON
        d.refobjid = w.relation
        AND d.classid = 'pg_class'::regclass
        AND d.refclassid = 'pg_class'::regclass
        AND d.deptype IN ('a', 'i', 'P')
INNER JOIN pg_class AS o
    ON d.objid = o.oid
INNER JOIN pg_namespace AS n
    ON o.relnamespace = n.oid
UNION
SELECT
    n.nspname,
    o.relname
FROM wanted AS w
INNER JOIN pg_index AS x
    ON x.indrelid = w.relation
INNER JOIN pg_class AS o
    ON x.indexrelid = o.oid
INNER JOIN pg_namespace AS n
    ON o.relnamespace = n.oid
UNION
SELECT
    n.nspname,
    f.proname
FROM wanted AS w
INNER JOIN pg_class AS c
    ON w.relation = c.oid
INNER JOIN pg_depend AS d
    ON
        d.classid = 'pg_proc'::regclass
        AND (
            (d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid)
            OR (d.refclassid = 'pg_type'::regclass AND d.refobjid = c.reltype)
        )
INNER JOIN pg_proc AS f
    ON d.objid = f.oid
INNER JOIN pg_namespace AS n
    ON f.pronamespace = n.oid
