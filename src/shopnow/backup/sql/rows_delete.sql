-- Purpose: take away live rows of a part that are not the same beside. Grain: none.
-- Parts: live, side, keys_match, side_row, live_row, scope, spared (rows that may be taken away).
DELETE FROM {live} AS l
WHERE
    {scope}
    AND {spared}
    AND NOT EXISTS (
        SELECT 1
        FROM {side} AS s
        WHERE {keys_match} AND {side_row} IS NOT DISTINCT FROM {live_row}
    )
