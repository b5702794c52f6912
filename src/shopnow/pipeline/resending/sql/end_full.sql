-- Purpose: earlier rejects of a source end with its full file, which says everything anew.
-- Grain: one row a reject.
-- Parameters: deliveries (bigint[]), at.
WITH ended AS (
    UPDATE quality.reject AS r
    SET state = 'closed'
    FROM staging.delivery AS whole
    INNER JOIN staging.delivery AS earlier
        ON earlier.sender_no = whole.sender_no
            AND earlier.feed = whole.feed
            AND earlier.source = whole.source
            AND earlier.delivery_key < whole.delivery_key
            AND earlier.effective_at <= whole.effective_at
    WHERE whole.delivery_key = any(%(deliveries)s)
        AND whole.mode = 'full'
        AND r.seller_no = whole.sender_no
        AND r.delivery_key = earlier.delivery_key
        AND r.state = 'open'
    RETURNING r.delivery_key, r.file_no, r.line_no, r.record_no, whole.delivery_key AS by_delivery
)

INSERT INTO quality.reject_end (
    delivery_key, file_no, line_no, record_no, ended_at, ending, by_delivery
)
SELECT
    ended.delivery_key,
    ended.file_no,
    ended.line_no,
    ended.record_no,
    %(at)s,
    'full',
    ended.by_delivery
FROM ended
