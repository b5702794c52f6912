-- Purpose: the months of sellers whose lines or clicks a load changes. Grain: seller and month.

CREATE TEMPORARY TABLE touched_months ON COMMIT DROP AS
SELECT
    touched.seller_no,
    date_trunc('month', touched.date_on::timestamp)::date AS month
FROM touched_sales AS touched
UNION
SELECT
    touched.seller_no,
    date_trunc('month', touched.date_on::timestamp)::date AS month
FROM touched_traffic AS touched;
