-- Purpose: the one statement about each key never heard of goes to the change log.
-- Grain: one row a statement.
-- Parameters: deliveries (bigint[]), run_at; {staging}, {log}, {key}, {key_of_s}, {attributes}, {attributes_of_s}, {same_general}.
INSERT INTO {log} (
    {key}, effective_at, source_rank, source_sequence, content_hash, kind, present, {attributes},
    known_from, delivery_key, record_no, source_line
)
SELECT
    {key_of_s},
    s.effective_at,
    s.source_rank,
    s.source_sequence,
    s.content_hash,
    'upsert',
    s.present,
    {attributes_of_s},
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
