-- Purpose: the folded sales of the months by product.
-- Grain: one row a month, currency, product.
-- Parameters: run_at.
INSERT INTO mart.analyst_sales_by_product (
    month,
    currency,
    seller_no,
    product_id,
    title,
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
    cell.told_product,
    coalesce(min(named.title), cell.told_product, 'autres'),
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
LEFT JOIN dwh.dim_product AS named
    ON cell.told_seller = named.seller_no
        AND cell.told_product = named.product_id
        AND named.is_current
GROUP BY cell.month, cell.currency, cell.told_seller, cell.told_product
