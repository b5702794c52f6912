-- Purpose: statements whose place among others of one time nobody numbered: their content decides
-- (scd.md S13), and their sender is told.
-- Grain: one row a record.
-- Parameters: {log}, {same_log}.
CREATE TEMPORARY TABLE ambiguous_order ON COMMIT DROP AS
SELECT
    s.delivery_key,
    s.line_no,
    s.record_no
FROM logged AS s
WHERE s.source_sequence IS NULL
    AND NOT s.is_embedded
    AND EXISTS (
        SELECT 1
        FROM {log} AS l
        WHERE {same_log}
            AND l.effective_at = s.effective_at
            AND l.source_rank = s.source_rank
            AND l.source_sequence IS NULL
            AND l.content_hash <> s.content_hash
            AND l.kind IN ('upsert', 'confirm')
            AND l.delivery_key <> s.delivery_key
            AND l.record_no > 0
    )
