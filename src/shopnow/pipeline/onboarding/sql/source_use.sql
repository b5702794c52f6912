-- Purpose: how much each source was used, and how its last five deliveries went.
-- Grain: one row a source that delivered.
-- Parameters: none.
WITH numbered AS (
    SELECT
        source,
        received_at,
        coalesce(records, 0) AS records,
        coalesce(rejected, 0) AS rejected,
        row_number() OVER (PARTITION BY source ORDER BY delivery_key DESC) AS place
    FROM staging.delivery
    WHERE delivery_key > 0
)

SELECT
    source,
    count(*) AS deliveries,
    max(received_at) AS last_received_at,
    coalesce(sum(records) FILTER (WHERE place <= 5), 0)::bigint AS records,
    coalesce(sum(rejected) FILTER (WHERE place <= 5), 0)::bigint AS rejected
FROM numbered
GROUP BY source
ORDER BY source
