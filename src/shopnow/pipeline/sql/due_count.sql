-- Purpose: how many statements about the future have become due.
-- Grain: one row.
-- Parameters: run_at.
SELECT sum(part.due)::bigint AS due
FROM (
    SELECT count(*) AS due
    FROM history.seller_change
    WHERE state = 'pending'
        AND effective_at <= %(run_at)s
    UNION ALL
    SELECT count(*) AS due
    FROM history.product_change
    WHERE state = 'pending'
        AND effective_at <= %(run_at)s
    UNION ALL
    SELECT count(*) AS due
    FROM history.customer_change
    WHERE state = 'pending'
        AND effective_at <= %(run_at)s
    UNION ALL
    SELECT count(*) AS due
    FROM history.offer_change
    WHERE state = 'pending'
        AND effective_at <= %(run_at)s
) AS part
