-- Purpose: sequences and the columns they number. Grain: one sequence.
SELECT
    s.oid::regclass::text AS name,
    d.refobjid::regclass::text AS table_name,
    a.attname AS column_name
FROM pg_class AS s
INNER JOIN pg_depend AS d
    ON
        s.oid = d.objid
        AND d.classid = 'pg_class'::regclass
        AND d.refclassid = 'pg_class'::regclass
        AND d.deptype IN ('a', 'i')
INNER JOIN pg_attribute AS a
    ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum
INNER JOIN pg_class AS t
    ON d.refobjid = t.oid AND t.relpersistence = 'p'
WHERE s.relkind = 'S'
ORDER BY 1
