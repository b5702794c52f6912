-- Purpose: the months of sellers whose lines or clicks a load changes. Grain: seller and month.

INSERT INTO touched_months (seller_no, month)
SELECT
    touched.seller_no,
    date_trunc('month', touched.date_on::timestamp)::date AS month
FROM touched_sales AS touched
UNION
SELECT
    touched.seller_no,
    date_trunc('month', touched.date_on::timestamp)::date AS month
FROM touched_traffic AS touched;
