-- Purpose: take every day of every seller with clicks for touched.

INSERT INTO touched_traffic (seller_no, date_on)
SELECT DISTINCT
    click.seller_no,
    click.event_on
FROM dwh.fact_clickstream AS click;
