-- Purpose: lines of a seller's version that vanished follow to the one that holds at their time.
-- Grain: one row a line.
-- Parameters: none.
UPDATE dwh.fact_order AS line
SET seller_key = seller.seller_key
FROM vanished
INNER JOIN dwh.dim_seller AS seller
    ON seller.seller_no = vanished.seller_no
WHERE line.seller_no = vanished.seller_no
    AND line.seller_key = vanished.seller_key
    AND (seller.version = 1 OR seller.valid_from <= line.ordered_at)
    AND line.ordered_at < seller.valid_to
