-- Purpose: what a table holds, where a column has a type that cannot be hashed.
-- Grain: one row. Part: table.
SELECT
    count(*) AS row_count,
    coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text AS checksum
FROM {table} AS t
