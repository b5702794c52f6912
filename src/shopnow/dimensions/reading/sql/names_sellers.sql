-- Purpose: identifiers of sellers, to suggest the nearest one.
-- Grain: one row a seller.
-- Parameters: none.
SELECT d.seller_id
FROM dwh.dim_seller AS d
WHERE d.valid_to = '9999-12-31 00:00+00'
    AND d.seller_id IS NOT NULL
