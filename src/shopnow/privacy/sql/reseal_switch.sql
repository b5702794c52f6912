-- Purpose: the delivery has its new files; from now on the old ones are to be destroyed.
-- Grain: one row.
-- Parameters: delivery_key, old_ref, old_paths (text[]).
UPDATE privacy.reseal
SET
    old_ref = %(old_ref)s,
    old_paths = %(old_paths)s
WHERE delivery_key = %(delivery_key)s
