-- purpose: stock, price and availability at the end of each day on which an offer changed
-- grain: one product of a seller, one day in the house zone
-- owner: data engineering
-- freshness: 15 minutes
-- touched: product_day
-- parameters: touched_offers, offers_from, offers_to, zone, batch_no, run_at

DELETE FROM mart.stock_daily AS stock
USING touched_offers AS touched
WHERE
    stock.seller_no = touched.seller_no
    AND stock.product_id = touched.product_id
    AND stock.date_on = touched.date_on;

-- The last version that began on the day. A day without any version gets no row: filling days
-- forward would make the cost of a delivery follow the catalogue; mart.stock_on(day) does it
-- when read. offers_from and offers_to keep other partitions unread.
INSERT INTO mart.stock_daily (
    seller_no,
    product_id,
    date_on,
    stock_quantity,
    unit_price,
    currency,
    is_available,
    batch_no,
    refreshed_at
)
SELECT DISTINCT ON (touched.seller_no, touched.product_id, touched.date_on)
    touched.seller_no,
    touched.product_id,
    touched.date_on,
    offer.stock_quantity,
    offer.unit_price,
    offer.currency,
    offer.is_available,
    %(batch_no)s::bigint,
    %(run_at)s::timestamptz
FROM dwh.fact_offer AS offer
INNER JOIN touched_offers AS touched
    ON
        offer.seller_no = touched.seller_no
        AND offer.product_id = touched.product_id
        AND offer.observed_at >= touched.date_on::timestamp AT TIME ZONE %(zone)s
        AND offer.observed_at < (touched.date_on + 1)::timestamp AT TIME ZONE %(zone)s
WHERE
    offer.observed_at >= %(offers_from)s
    AND offer.observed_at < %(offers_to)s
ORDER BY
    touched.seller_no ASC,
    touched.product_id ASC,
    touched.date_on ASC,
    offer.observed_at DESC;
