-- Purpose: whether offers wait for a source reference.
-- Grain: one row.
-- Parameters: none.
SELECT EXISTS (SELECT 1 FROM staging.offer_held) AS is_any
