-- Purpose: months whose folded days together are still too few.
-- Grain: one row a month and currency.
-- Parameters: smallest.
SELECT
    line.month,
    line.currency
FROM fold_line AS line
INNER JOIN fold_day AS day
    ON line.month = day.month AND line.currency = day.currency AND line.date_on = day.date_on
WHERE NOT day.is_kept
GROUP BY line.month, line.currency
HAVING count(DISTINCT line.customer_no) < %(smallest)s
