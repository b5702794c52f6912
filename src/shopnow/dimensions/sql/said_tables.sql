-- Purpose: an empty place for what full deliveries say by what they hold and lack: by_full for what
-- was implied and is now written, by_scope for withdrawals and presences.
-- Grain: one row a statement.
-- Parameters: {table}, {log}, {key}.
CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS
SELECT
    {key},
    effective_at,
    source_rank,
    source_sequence,
    content_hash,
    kind,
    delivery_key
FROM {log}
WITH NO DATA
