-- Purpose: whether what a full delivery lacks is withdrawn.
-- Grain: one row.
-- Parameters: delivery_key, is_proven.
UPDATE staging.delivery
SET absence_proven = %(is_proven)s
WHERE delivery_key = %(delivery_key)s
