-- Purpose: the planner knows the dimension after many members were inferred.
-- Grain: none.
-- Parameters: none.
ANALYZE dwh.dim_product (seller_no, product_id, valid_from, valid_to, version)
