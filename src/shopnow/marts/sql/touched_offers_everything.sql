-- Purpose: take every day with a version of an offer for touched.
-- Parameters: zone.

INSERT INTO touched_offers (seller_no, product_id, date_on)
SELECT DISTINCT
    offer.seller_no,
    offer.product_id,
    (offer.observed_at AT TIME ZONE %(zone)s)::date
FROM dwh.fact_offer AS offer;
