-- Purpose: rejects that were judged again by a replay end.
-- Grain: one row a reject.
-- Parameters: deliveries (bigint[]), at.
WITH ended AS (
    UPDATE quality.reject AS r
    SET state = 'replayed'
    FROM staging.delivery_replay AS again
    INNER JOIN staging.delivery AS replay
        ON replay.delivery_key = again.delivery_key
    WHERE again.delivery_key = any(%(deliveries)s)
        AND r.delivery_key = replay.replay_of
        AND r.file_no = again.file_no
        AND r.line_no = again.line_no
        AND r.record_no = again.record_no
        AND r.state <> 'replayed'
    RETURNING r.delivery_key, r.file_no, r.line_no, r.record_no, again.delivery_key AS by_delivery
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
    'replayed',
    ended.by_delivery
FROM ended
