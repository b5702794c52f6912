-- Purpose: a sealed file stands elsewhere, under another key, for every delivery that has it.
-- Grain: one row a delivery.
-- Parameters: old_path, landing_ref, landing_path.
UPDATE staging.delivery_file
SET
    landing_ref = %(landing_ref)s,
    landing_path = %(landing_path)s
WHERE landing_path = %(old_path)s
