-- Purpose: what the planner must know to join staging with the dimension by a hash.
ANALYZE stage_line (seller_id, product_id);
