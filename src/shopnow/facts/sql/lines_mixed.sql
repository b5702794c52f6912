-- Purpose: whether some lines of the batch are known already, are said twice, or need a word that
-- only their header has.
-- Grain: one row.
-- Parameters: none.
SELECT count(*) > 0 AS is_mixed
FROM (
    (SELECT known.order_id FROM order_known AS known LIMIT 1)
    UNION ALL
    (SELECT twice.order_id FROM line_twice AS twice LIMIT 1)
    UNION ALL
    (
        SELECT said.order_id
        FROM header_said AS said
        WHERE said.is_needed
        LIMIT 1
    )
) AS found
