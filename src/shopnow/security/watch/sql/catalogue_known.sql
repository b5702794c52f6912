-- Purpose: whether the catalogue was ever looked at.
-- Grain: one row.
-- Parameters: none.
SELECT count(*) > 0 AS is_known
FROM journal.catalogue_fact
