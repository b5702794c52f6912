-- Purpose: which days of a month could stand by themselves; those that would give somebody away are
-- taken out afterwards.
-- Grain: one row a month, currency, day.
-- Parameters: smallest.
CREATE TEMPORARY TABLE fold_day ON COMMIT DROP AS
SELECT
    line.month,
    line.currency,
    line.date_on,
    count(DISTINCT line.customer_no) >= %(smallest)s AS is_kept
FROM fold_line AS line
INNER JOIN fold_month AS told
    ON line.month = told.month AND line.currency = told.currency
GROUP BY line.month, line.currency, line.date_on
