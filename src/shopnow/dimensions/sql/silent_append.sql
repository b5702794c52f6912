-- Purpose: keys of full deliveries whose record was rejected or held are neither withdrawn nor
-- confirmed (scd.md, the change log).
-- Grain: one row a key.
-- Parameters: run_at, kind; {staging}, {log}, {key}, {key_of_s}, {same_staged_s}.
INSERT INTO {log} (
    {key}, effective_at, source_rank, content_hash, kind, present, state, known_from,
    delivery_key, record_no, source_line
)
SELECT DISTINCT
    {key_of_s},
    f.effective_at,
    f.source_rank,
    -- Every delivery has its own: two of them may be silent about one key at one time.
    -f.delivery_key,
    'silent',
    0,
    'applied',
    %(run_at)s::timestamptz,
    f.delivery_key,
    0,
    0
FROM staging.silent_row AS s
INNER JOIN full_now AS f
    ON f.delivery_key = s.delivery_key
WHERE s.kind = %(kind)s
    AND NOT EXISTS (
        SELECT 1
        FROM {staging} AS staged
        WHERE staged.delivery_key = s.delivery_key
            AND {same_staged_s}
    )
ON CONFLICT DO NOTHING
