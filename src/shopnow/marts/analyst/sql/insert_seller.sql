-- Purpose: the folded sales of the months by seller.
-- Grain: one row a month, currency, seller.
-- Parameters: run_at.
INSERT INTO mart.analyst_sales_by_seller (
    month,
    currency,
    seller_no,
    seller_name,
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
    cell.told_seller,
    coalesce(min(named.seller_name), min(named.seller_id), 'autres'),
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
LEFT JOIN dwh.dim_seller AS named
    ON cell.told_seller = named.seller_no AND named.is_current
GROUP BY cell.month, cell.currency, cell.told_seller
