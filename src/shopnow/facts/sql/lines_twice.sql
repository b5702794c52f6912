-- Purpose: lines that the batch says more than once.
-- Grain: one row a line.
-- Parameters: none.
CREATE TEMPORARY TABLE line_twice ON COMMIT DROP AS
SELECT
    said.seller_no,
    said.order_id,
    said.line_no
FROM line_said AS said
GROUP BY said.seller_no, said.order_id, said.line_no
HAVING count(*) > 1
