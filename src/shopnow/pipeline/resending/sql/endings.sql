-- Purpose: by what the rejects of earlier deliveries may end with these ones, in the order in which
-- they are looked at.
-- Grain: one row a way.
-- Parameters: deliveries (bigint[]).
SELECT way.name
FROM (
    SELECT
        1 AS place,
        'replayed' AS name
    WHERE EXISTS (
            SELECT 1
            FROM staging.delivery_replay
            WHERE delivery_key = any(%(deliveries)s)
        )
    UNION ALL
    SELECT
        2 AS place,
        'corrected' AS name
    WHERE EXISTS (
            SELECT 1
            FROM staging.delivery
            WHERE delivery_key = any(%(deliveries)s)
                AND corrects IS NOT NULL
        )
    UNION ALL
    SELECT
        3 AS place,
        'full' AS name
    WHERE EXISTS (
            SELECT 1
            FROM staging.delivery
            WHERE delivery_key = any(%(deliveries)s)
                AND mode = 'full'
        )
    UNION ALL
    SELECT
        4 AS place,
        'said' AS name
    WHERE EXISTS (
            SELECT 1
            FROM staging.reject_said
            WHERE delivery_key = any(%(deliveries)s)
        )
) AS way
ORDER BY way.place
