-- Purpose: share of rejected records of each seller within a day.
-- Grain: one seller that sent a record.
-- Parameters: now.
SELECT
    coalesce(seller.seller_id, 'ShopNow') AS label,
    100.0 * sum(delivery.rejected) / nullif(sum(delivery.records), 0) AS value,
    max(delivery.received_at) AS observed_at
FROM staging.delivery AS delivery
LEFT JOIN dwh.dim_seller AS seller
    ON
        delivery.sender_no = seller.seller_no
        AND seller.is_current
        AND seller.seller_no > 0
WHERE
    delivery.received_at > %(now)s - make_interval(days => 1)
    AND delivery.records > 0
GROUP BY coalesce(seller.seller_id, 'ShopNow')
