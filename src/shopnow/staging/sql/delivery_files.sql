-- Purpose: the landed files of a delivery.
-- Grain: one row a file.
-- Parameters: delivery_key.
SELECT
    delivery_key,
    file_no,
    part,
    file_name,
    landing_ref,
    landing_path
FROM staging.delivery_file
WHERE delivery_key = %(delivery_key)s
ORDER BY file_no
