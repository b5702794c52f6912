-- Purpose: how many members have facts that still have to be bound anew.
-- Grain: one row.
-- Parameters: none.
SELECT count(*) AS members
FROM (
    SELECT DISTINCT
        dimension,
        seller_no,
        natural_key
    FROM history.retie_due
) AS waiting
