-- Purpose: the latest time of a full delivery that came before this batch: what is said of earlier
-- times may contradict what that delivery implied; and whether the batch holds any.
-- Grain: one row.
-- Parameters: deliveries (bigint[]), feeds (text[], empty: any).
SELECT
    (
        SELECT max(earlier.effective_at)
        FROM history.full_delivery AS earlier
        WHERE earlier.delivery_key <> all(%(deliveries)s)
            AND (earlier.feed = any(%(feeds)s) OR cardinality(%(feeds)s::text[]) = 0)
    ) AS full_until,
    EXISTS(
        SELECT 1
        FROM staging.delivery AS delivery
        WHERE delivery.delivery_key = any(%(deliveries)s)
            AND delivery.mode = 'full'
    ) AS is_any_full
