-- Purpose: how the live rows of a part differ from those beside. Grain: one row.
-- Parts: side, live, columns, keys_match, side_row, live_row, scope, newer.
WITH paired AS (
    SELECT
        s.is_here IS NULL AS is_extra,
        l.is_here IS NULL AS is_missing,
        ({side_row} IS DISTINCT FROM {live_row}) AS is_different,
        {newer} AS is_newer
    FROM
        (
            SELECT
                TRUE AS is_here,
                {columns}
            FROM {side}
        ) AS s
    FULL JOIN
        (
            SELECT
                TRUE AS is_here,
                {columns}
            FROM {live} AS l
            WHERE {scope}
        ) AS l
        ON {keys_match}
)

SELECT
    count(*) FILTER (WHERE p.is_missing) AS missing,
    count(*) FILTER (WHERE p.is_different AND NOT p.is_missing AND NOT p.is_extra) AS changed,
    count(*) FILTER (WHERE p.is_extra) AS extra,
    count(*) FILTER (WHERE NOT p.is_different) AS same,
    count(*) FILTER (WHERE p.is_different AND NOT p.is_missing AND p.is_newer) AS newer
FROM paired AS p
