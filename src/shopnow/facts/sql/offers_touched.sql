-- Purpose: products and days whose offers change, for the marts.
-- Grain: one row a product and day.
-- Parameters: none.
INSERT INTO touched_offers (seller_no, product_id, date_on)
SELECT DISTINCT
    written.seller_no,
    written.product_id,
    written.date_on
FROM offer_written AS written
