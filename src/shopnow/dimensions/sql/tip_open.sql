-- Purpose: the versions that begin; those that they follow are closed already.
-- Grain: one row a version.
-- Parameters: run_at; {dim}, {key}, {key_of_t}, {tip_stored}, {tip_stored_of_t}.
INSERT INTO {dim} (
    {key}, {tip_stored}, valid_from, valid_to, is_current, version, known_from, delivery_key,
    record_no, source_line
)
SELECT
    {key_of_t},
    {tip_stored_of_t},
    t.effective_at,
    '9999-12-31 00:00+00',
    TRUE,
    t.version + 1,
    %(run_at)s,
    t.delivery_key,
    t.record_no,
    t.line_no
FROM tip AS t
WHERE t.opens
