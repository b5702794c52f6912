-- Purpose: what the journal says, the newest first; null asks nothing.
-- Grain: one event.
-- Parameters: after_no, code, delivery_key, levels, most, run_id, seller_no, since, source,
--   types, until.
SELECT
    event_no,
    ts,
    source,
    type,
    level,
    message,
    error_code,
    seller_no,
    run_id,
    delivery_key,
    payload
FROM journal.event
WHERE
    (%(levels)s::text[] IS NULL OR level = ANY(%(levels)s))
    AND (%(types)s::text[] IS NULL OR type = ANY(%(types)s))
    AND (%(code)s::text IS NULL OR error_code = %(code)s)
    AND (%(source)s::text IS NULL OR source = %(source)s)
    AND (%(seller_no)s::integer IS NULL OR seller_no = %(seller_no)s)
    AND (%(run_id)s::bigint IS NULL OR run_id = %(run_id)s)
    AND (%(delivery_key)s::bigint IS NULL OR delivery_key = %(delivery_key)s)
    AND (%(since)s::timestamptz IS NULL OR ts >= %(since)s)
    AND (%(until)s::timestamptz IS NULL OR ts < %(until)s)
    AND (%(after_no)s::bigint IS NULL OR event_no > %(after_no)s)
ORDER BY event_no DESC
LIMIT %(most)s
