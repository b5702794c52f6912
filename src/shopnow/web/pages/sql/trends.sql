-- Purpose: some indicators over a span, as they stood at its hours; null where nothing was measured.
-- Grain: one row an indicator, label and hour, in their order.
-- Parameters: names, labels (text[] of one length), since, now.
WITH wanted AS (
    SELECT DISTINCT
        asked.name,
        asked.label
    FROM unnest(%(names)s::text[], %(labels)s::text[]) AS asked (name, label)
)

SELECT
    wanted.name,
    wanted.label,
    (
        SELECT kept.value
        FROM journal.measurement AS kept
        WHERE kept.indicator = wanted.name
            AND kept.label = wanted.label
            AND kept.at > hours.at - INTERVAL '1 hour'
            AND kept.at <= hours.at
        ORDER BY kept.at DESC
        LIMIT 1
    ) AS value
FROM wanted
CROSS JOIN
    generate_series(
        %(now)s::timestamptz, %(since)s::timestamptz + INTERVAL '1 hour', INTERVAL '-1 hour'
    ) AS hours (at)
ORDER BY wanted.name, wanted.label, hours.at
