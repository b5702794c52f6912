-- Purpose: everything that was ever said of a member, in the order in which it counts (scd.md R2).
-- Grain: one row a statement.
-- Parameters: the key's columns; {log}, {attributes}, {is_key}.
SELECT
    d.effective_at,
    d.source_rank,
    d.kind,
    d.state,
    d.content_hash,
    d.present,
    d.known_from,
    d.delivery_key,
    d.record_no,
    d.source_line,
    {attributes}
FROM {log} AS d
WHERE {is_key}
ORDER BY
    d.effective_at,
    d.source_rank,
    d.source_sequence NULLS FIRST,
    d.content_hash
