-- Purpose: rows of a child whose parent is not there. Grain: one row.
-- Parts: child, parent, all_set (every column of the key is set), keys_match.
SELECT count(*) AS orphans
FROM {child} AS c
WHERE
    {all_set}
    AND NOT EXISTS (
        SELECT 1
        FROM {parent} AS p
        WHERE {keys_match}
    )
