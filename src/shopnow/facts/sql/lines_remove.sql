-- Purpose: stored lines give way to what replaces or moves them.
-- Grain: one row a line.
-- Parameters: none.
DELETE FROM dwh.fact_order AS stored
USING line_write AS line
WHERE stored.seller_no = line.seller_no
    AND stored.order_id = line.order_id
    AND stored.line_no = line.line_no
    AND stored.order_on = line.stored_on
