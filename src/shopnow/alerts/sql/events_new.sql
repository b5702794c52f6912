-- Purpose: what the journal says that alerts have not read, by kind of event.
-- Grain: one type, level, code and seller.
-- Parameters: absent, after, come, since, upto.
SELECT
    type,
    level,
    error_code,
    seller_no,
    count(*) AS events,
    (array_agg(message ORDER BY event_no DESC))[1] AS message,
    max(run_id) AS run_id,
    max(delivery_key) AS delivery_key,
    max(source) AS source
FROM journal.event
WHERE
    (
        (event_no > %(after)s AND event_no <= %(upto)s)
        OR event_no = ANY(%(come)s)
    )
    AND event_no <> ALL(%(absent)s)
    AND ts > %(since)s
GROUP BY type, level, error_code, seller_no
