-- purpose: visits to what each seller sells; the only way in which sellers see clicks
-- grain: one seller, one day in the house zone
-- owner: data engineering
-- freshness: 15 minutes
-- touched: seller_day
-- parameters: touched_traffic, traffic_days, batch_no, run_at

DELETE FROM mart.seller_daily_traffic AS traffic
USING touched_traffic AS touched
WHERE
    traffic.seller_no = touched.seller_no
    AND traffic.date_on = touched.date_on;

-- Anonymous visitors have sessions and no user_ref.
INSERT INTO mart.seller_daily_traffic (
    seller_no,
    date_on,
    views,
    carts,
    checkouts,
    sessions,
    identified_visitors,
    batch_no,
    refreshed_at
)
SELECT
    click.seller_no,
    click.event_on,
    count(*) FILTER (WHERE click.event_type = 'view_page'),
    count(*) FILTER (WHERE click.event_type = 'add_to_cart'),
    count(*) FILTER (WHERE click.event_type = 'checkout_start'),
    count(DISTINCT click.session_ref),
    count(DISTINCT click.user_ref),
    %(batch_no)s,
    %(run_at)s
FROM dwh.fact_clickstream AS click
INNER JOIN touched_traffic AS touched
    ON
        click.seller_no = touched.seller_no
        AND click.event_on = touched.date_on
WHERE click.event_on = ANY(%(traffic_days)s::date[])
GROUP BY
    click.seller_no,
    click.event_on;
