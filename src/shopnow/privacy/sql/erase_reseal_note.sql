-- Purpose: sealed files that hold lines of these persons are to be sealed again without them.
-- Grain: one row a delivery.
-- Parameters: run_at.
INSERT INTO privacy.reseal AS n (delivery_key, lines, noted_at)
SELECT
    r.delivery_key,
    array_agg(DISTINCT r.line_no ORDER BY r.line_no),
    %(run_at)s
FROM pg_temp.erased_record AS r
WHERE EXISTS (
        SELECT 1
        FROM staging.delivery_file AS f
        WHERE f.delivery_key = r.delivery_key
    )
GROUP BY r.delivery_key
ON CONFLICT (delivery_key) DO UPDATE
    SET lines = n.lines || excluded.lines
