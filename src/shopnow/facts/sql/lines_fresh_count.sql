-- Purpose: lines of each delivery that nobody said before: all but those of the general path.
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[]).
SELECT
    staged.delivery_key,
    staged.lines - coalesce(general.lines, 0) AS accepted,
    0 AS duplicate,
    0 AS superseded
FROM (
    SELECT
        item.delivery_key,
        count(*) AS lines
    FROM staging.item_row AS item
    WHERE item.delivery_key = any(%(deliveries)s)
    GROUP BY item.delivery_key
) AS staged
LEFT JOIN (
    SELECT
        said.delivery_key,
        count(*) AS lines
    FROM line_said AS said
    GROUP BY said.delivery_key
) AS general
    ON general.delivery_key = staged.delivery_key
