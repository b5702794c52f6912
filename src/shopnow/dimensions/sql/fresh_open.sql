-- Purpose: the first version of each key never heard of.
-- Grain: one row a key.
-- Parameters: deliveries (bigint[]), run_at; {staging}, {dim}, {key}, {key_of_s}, {attributes}, {attributes_of_s}, {same_general}.
INSERT INTO {dim} (
    {key}, {attributes}, valid_from, valid_to, is_current, version, known_from, delivery_key,
    record_no, source_line
)
SELECT
    {key_of_s},
    {attributes_of_s},
    s.effective_at,
    '9999-12-31 00:00+00',
    TRUE,
    1,
    %(run_at)s,
    s.delivery_key,
    s.record_no,
    s.line_no
FROM {staging} AS s
WHERE s.delivery_key = any(%(deliveries)s)
    AND NOT EXISTS (
        SELECT 1
        FROM general_key AS g
        WHERE {same_general}
    )
