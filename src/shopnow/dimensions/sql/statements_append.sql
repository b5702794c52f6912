-- Purpose: append the new statements of the general path.
-- Grain: one row a statement.
-- Parameters: run_at; {log}, {key}, {key_of_s}, {attributes}, {narrow}.
INSERT INTO {log} (
    {key}, effective_at, source_rank, source_sequence, content_hash, kind, present, {attributes},
    state, known_from, delivery_key, record_no, source_line
)
SELECT
    {key_of_s},
    s.effective_at,
    s.source_rank,
    s.source_sequence,
    s.content_hash,
    s.kind,
    CASE WHEN s.kind = 'upsert' THEN s.present ELSE 0 END,
    {narrow},
    CASE WHEN s.effective_at > %(run_at)s THEN 'pending' ELSE 'applied' END,
    %(run_at)s,
    s.delivery_key,
    s.record_no,
    s.line_no
FROM logged AS s
