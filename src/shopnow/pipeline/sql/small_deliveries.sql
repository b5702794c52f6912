-- Purpose: waiting deliveries that are small enough to be taken in together: one short file, no news
-- by absence, not taken in before.
-- Grain: one row a delivery, with its one file.
-- Parameters: feed, bytes (size of the largest).
SELECT
    delivery.delivery_key,
    file.file_no,
    file.part,
    file.file_name,
    file.landing_ref,
    file.landing_path
FROM staging.delivery AS delivery
INNER JOIN staging.delivery_file AS file
    ON file.delivery_key = delivery.delivery_key
WHERE delivery.feed = %(feed)s
    AND delivery.state = 'received'
    AND delivery.mode = 'delta'
    AND delivery.records IS NULL
    AND delivery.replay_of IS NULL
    AND delivery.corrects IS NULL
    AND NOT EXISTS (
        SELECT 1
        FROM staging.delivery_decision AS decided
        WHERE decided.delivery_key = delivery.delivery_key
    )
    AND file.size_bytes <= %(bytes)s
    AND file.file_no = 1
    AND NOT EXISTS (
        SELECT 1
        FROM staging.delivery_file AS other
        WHERE other.delivery_key = delivery.delivery_key
            AND other.file_no > 1
    )
ORDER BY delivery.delivery_key
