-- Purpose: the folded sales of the months by day.
-- Grain: one row a month, currency, day.
-- Parameters: run_at.
INSERT INTO mart.analyst_sales_by_day (
    month,
    currency,
    date_on,
    lines,
    units,
    returned_units,
    gross_amount,
    returned_amount,
    net_amount,
    freight_amount,
    commission_amount,
    buyers,
    refreshed_at
)
SELECT
    cell.month,
    cell.currency,
    CASE WHEN day.is_kept THEN cell.date_on END,
    sum(cell.lines),
    sum(cell.units),
    sum(cell.returned_units),
    sum(cell.gross_amount),
    sum(cell.returned_amount),
    sum(cell.net_amount),
    sum(cell.freight_amount),
    sum(cell.commission_amount),
    count(DISTINCT cell.customer_no),
    %(run_at)s
FROM fold_cell AS cell
INNER JOIN fold_day AS day
    ON cell.month = day.month AND cell.currency = day.currency AND cell.date_on = day.date_on
GROUP BY cell.month, cell.currency, CASE WHEN day.is_kept THEN cell.date_on END
