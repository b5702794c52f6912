-- Purpose: how many statements about the future a delivery has made that are not due yet.
-- Grain: one row.
-- Parameters: delivery_key, run_at.
SELECT sum(part.announced)::bigint AS announced
FROM (
    SELECT count(*) AS announced
    FROM history.seller_change
    WHERE delivery_key = %(delivery_key)s
        AND state = 'pending'
        AND effective_at > %(run_at)s
    UNION ALL
    SELECT count(*) AS announced
    FROM history.product_change
    WHERE delivery_key = %(delivery_key)s
        AND state = 'pending'
        AND effective_at > %(run_at)s
    UNION ALL
    SELECT count(*) AS announced
    FROM history.customer_change
    WHERE delivery_key = %(delivery_key)s
        AND state = 'pending'
        AND effective_at > %(run_at)s
    UNION ALL
    SELECT count(*) AS announced
    FROM history.offer_change
    WHERE delivery_key = %(delivery_key)s
        AND state = 'pending'
        AND effective_at > %(run_at)s
) AS part
