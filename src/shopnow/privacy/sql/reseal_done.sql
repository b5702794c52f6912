-- Purpose: nothing of these persons is left in the files of a delivery.
-- Grain: one row.
-- Parameters: delivery_key, lines (bigint[]): what was asked for meanwhile stays.
DELETE FROM privacy.reseal
WHERE delivery_key = %(delivery_key)s
    AND lines = %(lines)s::bigint[]
