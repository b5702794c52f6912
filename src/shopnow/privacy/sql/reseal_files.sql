-- Purpose: the sealed files of a delivery.
-- Grain: one row a file.
-- Parameters: delivery_key.
SELECT
    f.file_no,
    f.landing_ref,
    f.landing_path
FROM staging.delivery_file AS f
WHERE f.delivery_key = %(delivery_key)s
ORDER BY f.file_no
