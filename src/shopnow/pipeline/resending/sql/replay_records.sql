-- Purpose: the records that a replay takes in.
-- Grain: one row a record.
-- Parameters: delivery_key.
SELECT
    file_no,
    line_no,
    record_no
FROM staging.delivery_replay
WHERE delivery_key = %(delivery_key)s
ORDER BY record_no
