-- Purpose: what a table holds; the order of its rows does not count.
-- Grain: one row. Part: table. Two sums of 64-bit hashes differ unless the rows are the same.
SELECT
    count(*) AS row_count,
    coalesce(sum(hash_record_extended(t, 0)::numeric), 0)::text AS checksum
FROM {table} AS t
