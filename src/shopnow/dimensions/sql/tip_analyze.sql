-- Purpose: what the joins with a large `tip` are planned by.
-- Parameters: none.
ANALYZE tip (delivery_key, record_no)
