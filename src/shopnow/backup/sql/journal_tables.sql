-- Purpose: tables of the journal, the column that dates their rows, their stored columns.
-- Grain: one table. A table without such a column is small and kept whole.
SELECT
    c.relname AS name,
    (
        SELECT a.attname
        FROM pg_attribute AS a
        WHERE
            a.attrelid = c.oid
            AND a.attname IN ('ts', 'at', 'started_at', 'measured_at', 'sampled_at', 'minute_at')
            AND a.atttypid = 'timestamptz'::regtype
        ORDER BY a.attnum
        LIMIT 1
    ) AS dated,
    (
        SELECT array_agg(a.attname ORDER BY a.attnum)
        FROM pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    ) AS columns
FROM pg_class AS c
INNER JOIN pg_namespace AS n
    ON c.relnamespace = n.oid
WHERE n.nspname = 'journal' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY 1
