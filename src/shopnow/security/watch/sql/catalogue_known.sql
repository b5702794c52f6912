-- Purpose: whether the catalogue was ever looked at, and whether passwords were.
-- Grain: one row.
-- Parameters: none.
SELECT
    count(*) > 0 AS is_known,
    count(*) FILTER (WHERE kind = 'password') > 0 AS knows_passwords
FROM journal.catalogue_fact
