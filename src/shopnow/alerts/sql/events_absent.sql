-- Purpose: numbers up to here that are not in the journal, or not yet.
-- Grain: one number.
-- Parameters: after, missing, upto.
SELECT number.event_no
FROM (
    SELECT generate_series(%(after)s::bigint + 1, %(upto)s::bigint) AS event_no
    UNION ALL
    SELECT unnest(%(missing)s::bigint[])
) AS number
WHERE
    number.event_no > %(upto)s - 100000
    AND NOT EXISTS (
        SELECT FROM journal.event AS event
        WHERE event.event_no = number.event_no
    )
ORDER BY number.event_no DESC
LIMIT 10000
