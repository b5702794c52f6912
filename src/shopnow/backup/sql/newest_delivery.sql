-- Purpose: the newest delivery that the source knows. Grain: one row.
SELECT coalesce(max(d.delivery_key), 0) AS delivery_key
FROM staging.delivery AS d
