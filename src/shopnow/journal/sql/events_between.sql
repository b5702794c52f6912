-- Purpose: what the journal says of closed minutes, in order.
-- Grain: one event.
-- Parameters: since, upto.
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
    ts >= %(since)s
    AND ts < %(upto)s
ORDER BY ts, event_no
