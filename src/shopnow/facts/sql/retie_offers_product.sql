-- Purpose: offers follow their product to the version that holds at their time.
-- Grain: one row a product, pair of versions and month, into retie_moved.
-- Parameters: first_at, next_at (instants, end excluded: only their partitions are read), zone,
-- sellers (integer[]: whose).
WITH moved AS (
    UPDATE dwh.fact_offer AS offer
    SET product_key = pair.holding_key
    FROM retie_pair AS pair
    WHERE pair.dimension = 'product'
        AND offer.observed_at >= %(first_at)s
        AND offer.observed_at < %(next_at)s
        AND offer.seller_no = ANY(%(sellers)s)
        AND offer.seller_no = pair.seller_no
        AND offer.product_id = pair.natural_key
        AND offer.product_key = pair.surrogate
        AND offer.observed_at >= pair.holds_from
        AND offer.observed_at < pair.holds_to
        AND pair.holding_key <> offer.product_key
    RETURNING
        offer.seller_no,
        offer.product_id,
        (offer.observed_at AT TIME ZONE %(zone)s)::date AS date_on,
        pair.surrogate AS old_version,
        pair.holding_key AS new_version
),

touched AS (
    INSERT INTO touched_offers (seller_no, product_id, date_on)
    SELECT DISTINCT
        moved.seller_no,
        moved.product_id,
        moved.date_on
    FROM moved
    WHERE NOT EXISTS (
            SELECT 1
            FROM touched_offers AS known
            WHERE known.seller_no = moved.seller_no
                AND known.product_id = moved.product_id
                AND known.date_on = moved.date_on
        )
)

INSERT INTO retie_moved (
    dimension, seller_no, natural_key, old_version, new_version, month, facts
)
SELECT
    'product',
    moved.seller_no,
    moved.product_id,
    moved.old_version,
    moved.new_version,
    date_trunc('month', moved.date_on::timestamp)::date,
    count(*)
FROM moved
GROUP BY 2, 3, 4, 5, 6
