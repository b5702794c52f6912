-- Purpose: orders of the batch that are known already, stated more than once, or with a line that
-- comes more than once: they go through the fold, their totals are those of the lines that stand.
-- Grain: one row an order.
-- Parameters: distinct (whether the batch states each order once, as the reader saw).
CREATE TEMPORARY TABLE order_known ON COMMIT DROP AS
SELECT DISTINCT said.order_id
FROM header_said AS said
INNER JOIN history.order_change AS change
    ON change.order_id = said.order_id
UNION
SELECT said.order_id
FROM header_said AS said
WHERE NOT %(distinct)s
GROUP BY said.order_id
HAVING count(*) > 1
UNION
SELECT twice.order_id
FROM line_twice AS twice
