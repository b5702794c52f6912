-- Purpose: who sent what when, for the deliveries behind a member's life.
-- Grain: one row a delivery.
-- Parameters: deliveries (bigint[]).
SELECT
    d.delivery_key,
    CASE
        WHEN d.sender_no = 0 THEN 'platform'
        ELSE coalesce(s.seller_id, d.sender_no::text)
    END AS sender,
    d.source,
    d.feed,
    d.mode,
    d.file_name,
    d.effective_at,
    d.received_at
FROM staging.delivery AS d
LEFT JOIN dwh.dim_seller AS s
    ON s.seller_no = d.sender_no
        AND s.valid_to = '9999-12-31 00:00+00'
WHERE d.delivery_key = any(%(deliveries)s)
ORDER BY d.delivery_key
