-- Purpose: rejects end whose key the same sender spoke of again.
-- Grain: one row a reject.
-- Parameters: deliveries (bigint[]), at.
WITH ended AS (
    UPDATE quality.reject AS r
    SET state = 'closed'
    FROM staging.reject_said AS said
    WHERE said.delivery_key = any(%(deliveries)s)
        AND r.delivery_key = said.of_delivery
        AND r.file_no = said.file_no
        AND r.line_no = said.line_no
        AND r.record_no = said.record_no
        AND r.state = 'open'
    RETURNING r.delivery_key, r.file_no, r.line_no, r.record_no, said.delivery_key AS by_delivery
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
    'said_again',
    ended.by_delivery
FROM ended
