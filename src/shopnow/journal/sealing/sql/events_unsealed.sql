-- Purpose: the events that no seal covers yet and whose minute is closed.
-- Grain: one row an event, in the order of their numbers. slipped_in: dated into a closed minute by
-- a transaction that was not under way when it was closed.
-- Parameters: sealed_until, last_until, last_snapshot (null: nothing was sealed yet).
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
        ts < %(last_until)s::timestamptz
        AND transaction_id >= pg_snapshot_xmax(%(last_snapshot)s::pg_snapshot),
        FALSE
    ) AS slipped_in
FROM journal.event
WHERE ts < %(sealed_until)s
    AND (
        %(last_snapshot)s::pg_snapshot IS NULL
        OR ts >= %(last_until)s::timestamptz
        -- Said twice, because the first finds its way by the index.
        OR (
            transaction_id >= pg_snapshot_xmin(%(last_snapshot)s::pg_snapshot)
            AND NOT pg_visible_in_snapshot(transaction_id, %(last_snapshot)s::pg_snapshot)
        )
    )
ORDER BY event_no
