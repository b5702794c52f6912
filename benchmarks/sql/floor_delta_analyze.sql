-- Purpose: what the planner must know of the changes.
ANALYZE product_delta (place, change);
