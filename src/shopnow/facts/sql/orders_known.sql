-- Purpose: orders of the batch that go through the fold: known already, or stated more than once.
-- Grain: one row an order.
-- Parameters: none.
CREATE TEMPORARY TABLE order_known ON COMMIT DROP AS
SELECT DISTINCT said.order_id
FROM header_said AS said
WHERE EXISTS (
    SELECT 1
    FROM history.order_change AS change
    WHERE change.order_id = said.order_id
)
UNION
SELECT said.order_id
FROM header_said AS said
GROUP BY said.order_id
HAVING count(*) > 1
