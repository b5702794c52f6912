-- Purpose: lines of the file that the floor's facts lack, hold otherwise, or tie to a version of
-- another product or time (0 is right).
SELECT count(*)
FROM stage_line AS truth
LEFT JOIN fact_order AS fact
    ON
        truth.order_id = fact.order_id
        AND truth.line_no = fact.line_no
LEFT JOIN dim_product AS product
    ON fact.product_key = product.product_key
WHERE
    (truth.qty, truth.unit_price, truth.qty * truth.unit_price, truth.currency)
    IS DISTINCT FROM (fact.quantity, fact.unit_price, fact.line_amount, fact.currency)
    OR CASE
        WHEN truth.product_id LIKE 'NEW%' THEN fact.product_key <> -1
        ELSE
            product.product_key IS NULL
            OR truth.product_id <> product.product_id
            OR truth.seller_id <> product.seller_id
            OR truth.order_ts < product.valid_from
            OR truth.order_ts >= product.valid_to
    END;
