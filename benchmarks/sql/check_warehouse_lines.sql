-- Purpose: lines of the file that the warehouse lacks, holds otherwise, or ties to a version of
-- another product, seller or time (0 is right). An inferred product is its own first version.
SELECT count(*)
FROM stage_line AS truth
LEFT JOIN security.seller_identifier AS known
    ON
        truth.seller_id = known.seller_id
        AND known.source = 'bench'
LEFT JOIN dwh.fact_order AS fact
    ON
        known.seller_no = fact.seller_no
        AND fact.order_id = 'bench:' || truth.order_id
        AND truth.line_no = fact.line_no
LEFT JOIN dwh.dim_product AS product
    ON
        fact.seller_no = product.seller_no
        AND fact.product_key = product.product_key
WHERE
    (
        truth.qty, truth.unit_price, truth.qty * truth.unit_price, truth.currency,
        truth.status, truth.order_ts, truth.product_id, truth.product_id LIKE 'NEW%'
    )
    IS DISTINCT FROM (
        fact.quantity, fact.unit_price, fact.line_amount, fact.currency,
        fact.line_status, fact.ordered_at, product.product_id, product.is_inferred
    )
    OR truth.order_ts < product.valid_from
    OR truth.order_ts >= product.valid_to;
