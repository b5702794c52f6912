-- Purpose: what the planner must know of a large delivery to join it by a hash.
ANALYZE stage_product (seller_id, product_id);
