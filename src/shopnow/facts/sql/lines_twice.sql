-- Purpose: lines that the batch says more than once.
-- Grain: one row a line.
-- Parameters: deliveries (bigint[]), distinct (whether each line comes once, as the reader saw).
CREATE TEMPORARY TABLE line_twice ON COMMIT DROP AS
SELECT
    item.seller_no,
    item.order_id,
    item.order_line_no
FROM staging.item_row AS item
WHERE item.delivery_key = any(%(deliveries)s)
    AND NOT %(distinct)s
GROUP BY item.seller_no, item.order_id, item.order_line_no
HAVING count(*) > 1
