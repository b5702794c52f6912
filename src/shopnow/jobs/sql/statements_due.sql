-- Purpose: whether something said of the future has become due.
-- Grain: one row.
-- Parameters: now.
SELECT count(*) > 0 AS waits
FROM (
    SELECT effective_at
    FROM history.seller_change
    WHERE
        state = 'pending'
        AND effective_at <= %(now)s
    UNION ALL
    SELECT effective_at
    FROM history.product_change
    WHERE
        state = 'pending'
        AND effective_at <= %(now)s
    UNION ALL
    SELECT effective_at
    FROM history.customer_change
    WHERE
        state = 'pending'
        AND effective_at <= %(now)s
    UNION ALL
    SELECT effective_at
    FROM history.offer_change
    WHERE
        state = 'pending'
        AND effective_at <= %(now)s
) AS due
