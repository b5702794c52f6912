-- Purpose: the statements of the short way go to the change log; one whose content the log holds for
-- its key already is a narrow `confirm`.
-- Grain: one row a statement.
-- Parameters: run_at; {log}, {key}, {key_of_t}, {attributes}, {tip_said}.
INSERT INTO {log} (
    {key}, effective_at, source_rank, source_sequence, content_hash, kind, present, {attributes},
    known_from, delivery_key, record_no, source_line
)
SELECT
    {key_of_t},
    t.effective_at,
    t.source_rank,
    t.source_sequence,
    t.content_hash,
    t.kind,
    CASE WHEN t.kind = 'upsert' THEN t.present ELSE 0 END,
    {tip_said},
    %(run_at)s,
    t.delivery_key,
    t.record_no,
    t.line_no
FROM tip AS t
