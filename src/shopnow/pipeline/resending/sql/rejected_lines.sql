-- Purpose: lines of a delivery that were not accepted whole.
-- Grain: one row a line.
-- Parameters: delivery_key.
SELECT DISTINCT line_no
FROM quality.reject
WHERE delivery_key = %(delivery_key)s
