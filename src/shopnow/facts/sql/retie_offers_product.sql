-- Purpose: offers of a product's version that vanished follow to the one that holds at their time.
-- Grain: one row an offer.
-- Parameters: none.
UPDATE dwh.fact_offer AS offer
SET product_key = product.product_key
FROM vanished
INNER JOIN dwh.dim_product AS product
    ON product.seller_no = vanished.seller_no
        AND product.product_id = vanished.product_id
WHERE offer.seller_no = vanished.seller_no
    AND offer.product_key = vanished.product_key
    AND (product.version = 1 OR product.valid_from <= offer.observed_at)
    AND offer.observed_at < product.valid_to
