-- Purpose: deliveries of these sources that are judged and not answered on their channel yet.
-- Grain: one row a delivery and channel, oldest delivery first.
-- Parameters: sources, channels (together: one row a source and channel), now, since (older ones are
-- left alone), delivery_key (null: all).
SELECT
    d.delivery_key,
    d.source,
    wanted.channel,
    CASE d.state WHEN 'held' THEN 'held' ELSE 'settled' END AS about,
    coalesce(s.attempts, 0) AS attempts
FROM unnest(%(sources)s::text[], %(channels)s::text[]) AS wanted (source, channel)
INNER JOIN staging.delivery AS d ON wanted.source = d.source
LEFT JOIN staging.answer_sent AS s
    ON
        d.delivery_key = s.delivery_key
        AND wanted.channel = s.channel
        AND s.about = CASE d.state WHEN 'held' THEN 'held' ELSE 'settled' END
WHERE
    d.state IN ('published', 'refused', 'held')
    AND d.received_at >= %(since)s
    AND d.replay_of IS NULL
    AND (%(delivery_key)s::bigint IS NULL OR d.delivery_key = %(delivery_key)s)
    AND (s.delivery_key IS NULL OR s.next_at <= %(now)s)
ORDER BY
    d.delivery_key,
    wanted.channel
