-- Purpose: what was paid against what the lines come to.
-- Grain: one row.
WITH paid AS (
    SELECT
        payment.order_id,
        sum(payment.amount) AS amount
    FROM dwh.fact_payment AS payment
    GROUP BY payment.order_id
),

compared AS (
    SELECT abs(header.computed_total - paid.amount) AS difference
    FROM dwh.fact_order_header AS header
    INNER JOIN paid ON header.order_id = paid.order_id
    WHERE header.computed_total IS NOT NULL AND cardinality(header.seller_nos) > 0
)

SELECT
    count(*) AS orders_with_items_and_payments,
    count(*) FILTER (WHERE compared.difference > 0.01) AS "orders_where_abs_diff_gt_0_01",
    count(*) FILTER (WHERE compared.difference > 1) AS "orders_where_abs_diff_gt_1_00"
FROM compared;
