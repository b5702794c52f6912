-- Purpose: the versions of products that no longer exist, to which facts may be bound.
-- Grain: one row a version.
-- Parameters: none.
CREATE TEMPORARY TABLE retie_bound AS
SELECT
    'product' AS dimension,
    vanished.seller_no,
    vanished.product_id AS natural_key,
    vanished.product_key AS surrogate
FROM vanished
