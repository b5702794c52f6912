-- Purpose: lines that were asked for while a delivery was sealed again are next.
-- Grain: one row.
-- Parameters: delivery_key.
UPDATE privacy.reseal
SET
    old_ref = NULL,
    old_paths = NULL
WHERE delivery_key = %(delivery_key)s
