-- Purpose: what full deliveries say by what they hold and lack goes to the log.
-- Grain: one row a statement.
-- Parameters: run_at; {table}, {log}, {key}, {key_of_s}.
INSERT INTO {log} (
    {key}, effective_at, source_rank, source_sequence, content_hash, kind, present, state,
    known_from, delivery_key, record_no, source_line
)
SELECT
    {key_of_s},
    s.effective_at,
    s.source_rank,
    s.source_sequence,
    s.content_hash,
    s.kind,
    0,
    CASE WHEN s.effective_at > %(run_at)s THEN 'pending' ELSE 'applied' END,
    %(run_at)s,
    s.delivery_key,
    0,
    0
FROM {table} AS s
ON CONFLICT DO NOTHING
