-- Purpose: the full deliveries of the batch whose absences count, with their scope. One whose records
-- have times or numbers of their own confirms only that its keys are there (is_timed).
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[]), once (one that is in the list already is loaded again as a mere
-- addition: records that were held then); {staging}.
CREATE TEMPORARY TABLE full_now ON COMMIT DROP AS
SELECT
    delivery.delivery_key,
    delivery.sender_no,
    delivery.feed,
    delivery.source,
    delivery.effective_at,
    -- The rank of a source's own statements: the platform's come before the seller's.
    (CASE WHEN delivery.sender_no = 0 THEN 20 ELSE 30 END)::smallint AS source_rank,
    EXISTS (
        SELECT 1
        FROM {staging} AS s
        WHERE s.delivery_key = delivery.delivery_key
            AND NOT s.is_embedded
            AND (s.effective_at <> delivery.effective_at OR s.source_sequence IS NOT NULL)
    )
    OR EXISTS (
        SELECT 1
        FROM staging.delivery_difference AS difference
        WHERE difference.delivery_key = delivery.delivery_key
            AND difference.is_timed
    ) AS is_timed
FROM staging.delivery AS delivery
WHERE delivery.delivery_key = any(%(deliveries)s)
    AND delivery.mode = 'full'
    AND delivery.absence_proven IS NOT FALSE
    AND delivery.feed NOT IN ('orders', 'clickstream')
    AND NOT (
        %(once)s
        AND EXISTS (
            SELECT 1
            FROM history.full_delivery AS listed
            WHERE listed.delivery_key = delivery.delivery_key
        )
    )
