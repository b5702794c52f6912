-- Purpose: rejects of a delivery that was sent again, corrected, end: what is still wrong was rejected anew.
-- Grain: one row a reject.
-- Parameters: deliveries (bigint[]), at.
WITH ended AS (
    UPDATE quality.reject AS r
    SET state = 'closed'
    FROM staging.delivery AS correction
    WHERE correction.delivery_key = any(%(deliveries)s)
        AND r.delivery_key = correction.corrects
        AND r.state = 'open'
    RETURNING r.delivery_key, r.file_no, r.line_no, r.record_no, correction.delivery_key AS by_delivery
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
    'corrected',
    ended.by_delivery
FROM ended
