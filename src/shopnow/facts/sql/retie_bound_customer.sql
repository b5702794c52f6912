-- Purpose: the versions of customers that no longer exist, to which facts may be bound.
-- Grain: one row a version.
-- Parameters: none.
CREATE TEMPORARY TABLE retie_bound AS
SELECT
    'customer' AS dimension,
    0 AS seller_no,
    vanished.customer_no::text AS natural_key,
    vanished.customer_key AS surrogate
FROM vanished
