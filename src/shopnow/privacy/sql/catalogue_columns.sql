-- Purpose: every column of the warehouse, partitions left out.
-- Grain: one row a column; is_text where it may hold words, bytes or documents.
SELECT
    n.nspname AS schema_name,
    c.relname AS table_name,
    a.attname AS column_name,
    t.typcategory IN ('S', 'U', 'I')
    OR coalesce(e.typcategory IN ('S', 'U', 'I'), FALSE) AS is_text
FROM pg_attribute AS a
INNER JOIN pg_class AS c ON a.attrelid = c.oid
INNER JOIN pg_namespace AS n ON c.relnamespace = n.oid
INNER JOIN pg_type AS t ON a.atttypid = t.oid
LEFT JOIN pg_type AS e ON t.typelem = e.oid AND t.typcategory = 'A'
WHERE a.attnum > 0
    AND NOT a.attisdropped
    AND c.relkind IN ('r', 'p', 'v', 'm')
    AND NOT c.relispartition
    AND n.nspname IN (
        'staging', 'dwh', 'history', 'quality', 'privacy', 'mart', 'seller', 'legacy', 'security',
        'journal', 'desk', 'jobs'
    )
ORDER BY n.nspname, c.relname, a.attnum
