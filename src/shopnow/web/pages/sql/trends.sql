-- Purpose: the mean of each hour of some indicators; null for an hour without data in between.
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
    avg(kept.value) AS value
FROM wanted
INNER JOIN journal.measurement AS kept
    ON kept.indicator = wanted.name
        AND kept.label = wanted.label
        AND kept.at >= %(since)s
        AND kept.at <= %(now)s
GROUP BY wanted.name, wanted.label, date_trunc('hour', kept.at)
ORDER BY wanted.name, wanted.label, date_trunc('hour', kept.at)
