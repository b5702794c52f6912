-- Purpose: all events of the journal, as they are hashed.
-- Grain: one row an event, in the order of their numbers. is_open: the last sealing could not see
-- it, or its minute was not closed then.
-- Parameters: last_until, last_snapshot (null: nothing was sealed yet).
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
    payload::text AS payload,
    transaction_id::text AS transaction_id,
    coalesce(
        ts >= %(last_until)s::timestamptz
        OR transaction_id = ANY(
            ARRAY(SELECT pg_snapshot_xip(%(last_snapshot)s::pg_snapshot))
        ),
        TRUE
    ) AS is_open
FROM journal.event
ORDER BY event_no
