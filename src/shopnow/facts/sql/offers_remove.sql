-- Purpose: versions of offers that the fold no longer has, or has otherwise.
-- Grain: one row a version.
-- Parameters: zone.
WITH removed AS (
    DELETE FROM dwh.fact_offer AS stored
    USING affected_key AS affected
    WHERE stored.seller_no = affected.seller_no
        AND stored.product_id = affected.product_id
        AND NOT EXISTS (
            SELECT 1
            FROM folded AS f
            WHERE f.seller_no = stored.seller_no
                AND f.product_id = stored.product_id
                AND f.valid_from = stored.observed_at
                AND f.unit_price IS NOT DISTINCT FROM stored.unit_price
                AND f.currency IS NOT DISTINCT FROM stored.currency
                AND f.stock_quantity IS NOT DISTINCT FROM stored.stock_quantity
                AND (f.is_available AND NOT f.is_deleted) IS NOT DISTINCT FROM stored.is_available
        )
    RETURNING stored.seller_no, stored.product_id, stored.observed_at
)

INSERT INTO offer_written (seller_no, product_id, date_on)
SELECT
    removed.seller_no,
    removed.product_id,
    (removed.observed_at AT TIME ZONE %(zone)s)::date
FROM removed
