-- Purpose: whether this database has Citus.
-- Grain: one row.
-- Parameters: none.
SELECT count(*) > 0 AS has_citus
FROM pg_catalog.pg_extension
WHERE extname = 'citus'
