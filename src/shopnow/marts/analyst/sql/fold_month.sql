-- Purpose: the months that are told at all: fewer than 5 buyers in one are nobody's business.
-- Grain: one row a month and currency.
-- Parameters: smallest.
CREATE TEMPORARY TABLE fold_month ON COMMIT DROP AS
SELECT
    line.month,
    line.currency
FROM fold_line AS line
GROUP BY line.month, line.currency
HAVING count(DISTINCT line.customer_no) >= %(smallest)s
