-- Purpose: what the planner must know to look for known lines by a hash.
ANALYZE stage_line (order_id, line_no, seller_id, product_id);
