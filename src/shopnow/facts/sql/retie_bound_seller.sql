-- Purpose: the versions of sellers that no longer exist, to which facts may be bound.
-- Grain: one row a version.
-- Parameters: none.
CREATE TEMPORARY TABLE retie_bound AS
SELECT
    'seller' AS dimension,
    vanished.seller_no,
    vanished.seller_no::text AS natural_key,
    vanished.seller_key AS surrogate
FROM vanished
