-- purpose: the whole marketplace day by day
-- grain: one day in the house zone, one currency
-- owner: data engineering
-- freshness: 15 minutes
-- touched: day
-- parameters: sales_days, batch_no, run_at

DELETE FROM mart.marketplace_daily AS marketplace
WHERE marketplace.date_on = ANY(%(sales_days)s::date[]);

-- From the lines, not from seller_daily_sales: an order of several sellers is one order, a buyer
-- at several sellers one buyer.
INSERT INTO mart.marketplace_daily (
    date_on,
    currency,
    active_sellers,
    orders,
    lines,
    units,
    returned_units,
    gross_amount,
    returned_amount,
    net_amount,
    freight_amount,
    commission_amount,
    buyers,
    batch_no,
    refreshed_at
)
SELECT
    line.order_on,
    line.currency,
    count(DISTINCT line.seller_no) FILTER (WHERE line.quantity > 0),
    count(DISTINCT hashtextextended(line.order_id, 0)) FILTER (WHERE line.quantity > 0),
    count(*),
    coalesce(sum(line.quantity) FILTER (WHERE line.quantity > 0), 0),
    coalesce(sum(-line.quantity) FILTER (WHERE line.quantity < 0), 0),
    coalesce(sum(line.line_amount) FILTER (WHERE line.quantity > 0), 0),
    coalesce(sum(-line.line_amount) FILTER (WHERE line.quantity < 0), 0),
    coalesce(sum(line.line_amount), 0),
    coalesce(sum(line.freight_amount), 0),
    coalesce(sum(line.commission_amount), 0),
    count(DISTINCT line.customer_no) FILTER (WHERE line.customer_no > 0 AND line.quantity > 0),
    %(batch_no)s,
    %(run_at)s
FROM dwh.fact_order AS line
WHERE line.order_on = ANY(%(sales_days)s::date[])
GROUP BY
    line.order_on,
    line.currency;
