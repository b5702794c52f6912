-- Purpose: every commission rate that was ever known of the sellers at hand, the unknown one too.
-- Grain: one row a seller and rate.
-- Parameters: none.
CREATE TEMPORARY TABLE retie_rate AS
SELECT
    seller.seller_no,
    seller.commission_pct
FROM dwh.dim_seller AS seller
INNER JOIN retie_range AS due
    ON due.dimension = 'seller'
        AND due.seller_no = seller.seller_no
UNION
SELECT
    believed.seller_no,
    believed.commission_pct
FROM history.seller_superseded AS believed
INNER JOIN retie_range AS due
    ON due.dimension = 'seller'
        AND due.seller_no = believed.seller_no
