-- Purpose: totals over the payments.
-- Grain: one row.
SELECT
    count(*) AS count,
    sum(payment.amount) AS sum,
    count(*) FILTER (WHERE payment.amount = 0) AS zero_value_rows,
    count(*) FILTER (WHERE payment.instalments = 0) AS zero_installment_rows
FROM dwh.fact_payment AS payment;
