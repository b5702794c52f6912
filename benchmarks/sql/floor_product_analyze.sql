-- Purpose: what the planner must know of the dimension to join facts with it by a hash.
ANALYZE dim_product (seller_id, product_id);
