-- Purpose: sealed files past their time, of deliveries that no run reads any more; a replay of
-- rejects shares the file of its original, and keeps it as long.
-- Grain: one row a file and delivery.
-- Parameters: refs (text[]): the delivery keys that exist, kept_from.
SELECT
    f.delivery_key,
    f.landing_ref,
    f.landing_path
FROM staging.delivery_file AS f
WHERE f.landing_ref = any(%(refs)s::text[])
    AND NOT EXISTS (
        SELECT 1
        FROM staging.delivery_file AS same
        INNER JOIN staging.delivery AS d ON same.delivery_key = d.delivery_key
        WHERE same.landing_ref = f.landing_ref
            AND (d.received_at >= %(kept_from)s OR d.state NOT IN ('published', 'refused'))
    )
ORDER BY f.delivery_key, f.file_no
