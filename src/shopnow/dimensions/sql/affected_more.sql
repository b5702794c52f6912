-- Purpose: keys that full deliveries speak of by what they hold and lack.
-- Grain: one row a key.
-- Parameters: {key}, {key_of_s}, {same_affected_s}.
INSERT INTO affected_key ({key})
SELECT {key_of_s}
FROM (
    SELECT {key}
    FROM by_full
    UNION
    SELECT {key}
    FROM by_scope
) AS s
WHERE NOT EXISTS (
        SELECT 1
        FROM affected_key AS a
        WHERE {same_affected_s}
    )
