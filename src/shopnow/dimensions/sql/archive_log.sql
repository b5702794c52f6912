-- Purpose: the statement that stands for the old ones.
-- Grain: one row a member.
-- Parameters: none; {log}, {key}, {attributes}.
INSERT INTO {log} (
    {key}, effective_at, source_rank, content_hash, kind, present, {attributes}, state, known_from,
    delivery_key, record_no, source_line
)
SELECT
    {key},
    effective_at,
    source_rank,
    content_hash,
    'upsert',
    present,
    {attributes},
    'applied',
    known_from,
    delivery_key,
    0,
    0
FROM archive_said
