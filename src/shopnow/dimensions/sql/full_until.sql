-- Purpose: the latest time of a full delivery that came before this batch: what is said of earlier
-- times may contradict what that delivery implied.
-- Grain: one row.
-- Parameters: deliveries (bigint[]), feeds (text[], empty: any).
SELECT max(earlier.effective_at) AS full_until
FROM history.full_delivery AS earlier
WHERE earlier.delivery_key <> all(%(deliveries)s)
    AND (earlier.feed = any(%(feeds)s) OR cardinality(%(feeds)s::text[]) = 0)
