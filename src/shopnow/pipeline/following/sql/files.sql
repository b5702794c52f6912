-- Purpose: the files of a delivery as they were received.
-- Grain: one row a file.
-- Parameters: delivery_key.
SELECT
    f.file_no,
    f.part,
    f.file_name,
    encode(f.sha256, 'hex') AS sha256,
    f.size_bytes,
    f.landing_ref,
    f.landing_path
FROM staging.delivery_file AS f
WHERE f.delivery_key = %(delivery_key)s
ORDER BY f.file_no
