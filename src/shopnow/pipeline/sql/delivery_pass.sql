-- Purpose: records of a correction that were said in the same words before are duplicates.
-- Grain: one row.
-- Parameters: delivery_key, passed.
UPDATE staging.delivery
SET duplicate = duplicate + %(passed)s
WHERE delivery_key = %(delivery_key)s
