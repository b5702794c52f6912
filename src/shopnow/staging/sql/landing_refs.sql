-- Purpose: the landed files that a delivery keeps.
-- Grain: one row a landed file.
SELECT f.landing_ref
FROM staging.delivery_file AS f
