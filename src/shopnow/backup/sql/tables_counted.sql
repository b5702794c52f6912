-- Purpose: the tables whose content a backup must give back: logged, of the warehouse proper.
-- Grain: one table, partitioned ones once. Tables that every command writes to (journal, jobs,
-- desk) are left out, because nothing can hold them still while they are counted.
SELECT
    c.oid::regclass::text AS name,
    EXISTS(
        SELECT 1
        FROM pg_attribute AS a
        WHERE
            a.attrelid = c.oid
            AND a.attnum > 0
            AND NOT a.attisdropped
            AND a.atttypid IN ('json'::regtype, 'xml'::regtype)
    ) AS has_unhashable
FROM pg_class AS c
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
WHERE
    c.relkind IN ('r', 'p')
    AND NOT c.relispartition
    AND c.relpersistence = 'p'
    AND n.nspname IN ('dwh', 'history', 'mart', 'quality', 'privacy', 'security', 'staging')
ORDER BY 1
