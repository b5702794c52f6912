-- Purpose: records that each seller sent within a day.
-- Grain: one seller that sent something within four weeks.
-- Parameters: now.
SELECT
    coalesce(seller.seller_id, 'ShopNow') AS label,
    coalesce(
        sum(delivery.records) FILTER (WHERE delivery.received_at > %(now)s - make_interval(days => 1)), 0
    ) AS value,
    max(delivery.received_at) AS observed_at
FROM staging.delivery AS delivery
LEFT JOIN dwh.dim_seller AS seller
    ON
        delivery.sender_no = seller.seller_no
        AND seller.is_current
        AND seller.seller_no > 0
WHERE delivery.received_at > %(now)s - make_interval(days => 28)
GROUP BY coalesce(seller.seller_id, 'ShopNow')
