-- Purpose: the oldest repaired value that is still kept.
-- Grain: one row.
SELECT min(d.received_at) AS oldest_at
FROM staging.delivery AS d
WHERE EXISTS (
        SELECT 1
        FROM quality.cleaning AS c
        WHERE c.delivery_key = d.delivery_key
            AND (c.before IS NOT NULL OR c.after IS NOT NULL)
    )
    OR EXISTS (
        SELECT 1
        FROM quality.cleaning_superseded AS c
        WHERE c.delivery_key = d.delivery_key
            AND (c.before IS NOT NULL OR c.after IS NOT NULL)
    )
