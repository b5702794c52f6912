-- Purpose: the oldest delivery whose sealed files can still be opened.
-- Grain: one row.
-- Parameters: refs (text[]): the delivery keys that exist.
SELECT min(d.received_at) AS oldest_at
FROM staging.delivery_file AS f
INNER JOIN staging.delivery AS d ON f.delivery_key = d.delivery_key
WHERE f.landing_ref = any(%(refs)s::text[])
