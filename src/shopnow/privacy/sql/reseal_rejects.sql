-- Purpose: the rejects whose lines are sealed under a delivery's key.
-- Grain: one row a reject.
-- Parameters: landing_ref.
SELECT
    q.delivery_key,
    q.file_no,
    q.line_no,
    q.record_no,
    q.line_sealed
FROM quality.reject AS q
WHERE q.line_sealed IS NOT NULL
    AND q.delivery_key IN (
        SELECT f.delivery_key
        FROM staging.delivery_file AS f
        WHERE f.landing_ref = %(landing_ref)s
    )
