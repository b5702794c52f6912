-- Purpose: the planner knows the dimension after many members were inferred.
-- Grain: none.
-- Parameters: none.
ANALYZE dwh.dim_customer (customer_no, valid_from, valid_to, version)
