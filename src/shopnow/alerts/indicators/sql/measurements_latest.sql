-- Purpose: the last value of each label of some indicators, each as far back as a value stands.
-- Grain: one label of an indicator.
-- Parameters: names, sinces (arrays of one length), now.
SELECT DISTINCT ON (kept.indicator, kept.label)
    kept.indicator,
    kept.label,
    kept.value,
    kept.at
FROM unnest(%(names)s::text[], %(sinces)s::timestamptz[]) AS wanted (name, since)
INNER JOIN journal.measurement AS kept
    ON kept.indicator = wanted.name
        AND kept.at >= wanted.since
        AND kept.at <= %(now)s
ORDER BY kept.indicator ASC, kept.label ASC, kept.at DESC
