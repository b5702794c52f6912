-- Purpose: bring the rows beside whose key the live table lacks. Grain: none.
-- Parts: live, side, columns, keys_match.
INSERT INTO {live} ({columns})
OVERRIDING SYSTEM VALUE
SELECT {columns}
FROM {side} AS s
WHERE
    NOT EXISTS (
        SELECT 1
        FROM {live} AS l
        WHERE {keys_match}
    )
