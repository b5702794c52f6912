-- purpose: what each seller sold and took back on each day
-- grain: one seller, one day in the house zone, one currency
-- owner: data engineering
-- freshness: 15 minutes
-- touched: seller_day
-- parameters: touched_sales, sales_days, batch_no, run_at

DELETE FROM mart.seller_daily_sales AS sales
USING touched_sales AS touched
WHERE
    sales.seller_no = touched.seller_no
    AND sales.date_on = touched.date_on;

-- An order counts where goods go out, not where they come back; 64 bits of it are compared
-- instead of its text, at a third of the time. The reserved customers (-1 unknown,
-- -2 anonymous) are nobody. sales_days keeps other partitions unread.
INSERT INTO mart.seller_daily_sales (
    seller_no,
    date_on,
    currency,
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
    line.seller_no,
    line.order_on,
    line.currency,
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
INNER JOIN touched_sales AS touched
    ON
        line.seller_no = touched.seller_no
        AND line.order_on = touched.date_on
WHERE line.order_on = ANY(%(sales_days)s::date[])
GROUP BY
    line.seller_no,
    line.order_on,
    line.currency;
