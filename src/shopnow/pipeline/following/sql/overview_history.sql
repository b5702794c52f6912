-- Purpose: what is kept of each dimension, and what moved in it.
-- Grain: one row a dimension; reserved members left out.
-- Parameters: none.
-- A correction is a statement of a feed that says something else than the one before it and opens
-- no version: only attributes that are overwritten moved. A withdrawal is a key whose current
-- version says that it is gone.
WITH member AS (
    SELECT
        'seller' AS dimension,
        d.seller_no::text AS member,
        d.is_current,
        d.is_deleted,
        d.is_inferred
    FROM dwh.dim_seller AS d
    WHERE d.seller_no > 0
    UNION ALL
    SELECT
        'product' AS dimension,
        d.seller_no::text || '/' || d.product_id AS member,
        d.is_current,
        d.is_deleted,
        d.is_inferred
    FROM dwh.dim_product AS d
    WHERE d.product_key >= 0
    UNION ALL
    SELECT
        'customer' AS dimension,
        d.customer_no::text AS member,
        d.is_current,
        d.is_deleted,
        d.is_inferred
    FROM dwh.dim_customer AS d
    WHERE d.customer_no > 0
),

kept AS (
    SELECT
        m.dimension,
        count(DISTINCT m.member) AS members,
        count(*) AS versions,
        count(*) FILTER (WHERE m.is_current AND m.is_deleted) AS withdrawn,
        count(*) FILTER (WHERE m.is_inferred) AS inferred
    FROM member AS m
    GROUP BY m.dimension
),

moved AS (
    SELECT
        'seller' AS dimension,
        s.reason
    FROM history.seller_superseded AS s
    UNION ALL
    SELECT
        'product' AS dimension,
        s.reason
    FROM history.product_superseded AS s
    UNION ALL
    SELECT
        'customer' AS dimension,
        s.reason
    FROM history.customer_superseded AS s
),

believed AS (
    SELECT
        m.dimension,
        count(*) FILTER (WHERE m.reason = 'inferred_upgrade') AS filled,
        count(*) FILTER (WHERE m.reason <> 'inferred_upgrade') AS rewritten
    FROM moved AS m
    GROUP BY m.dimension
),

stated AS (
    SELECT
        'seller' AS dimension,
        count(*) AS corrections
    FROM (
        SELECT
            c.*,
            lag(c.content_hash) OVER (PARTITION BY c.seller_no ORDER BY c.effective_at) AS before
        FROM history.seller_change AS c
        WHERE c.source_rank >= 10
    ) AS c
    WHERE c.before <> c.content_hash
        AND NOT EXISTS (
            SELECT 1
            FROM dwh.dim_seller AS d
            WHERE d.seller_no = c.seller_no
                AND d.valid_from = c.effective_at
        )
    UNION ALL
    SELECT
        'product' AS dimension,
        count(*) AS corrections
    FROM (
        SELECT
            c.*,
            lag(c.content_hash) OVER (
                PARTITION BY c.seller_no, c.product_id
                ORDER BY c.effective_at
            ) AS before
        FROM history.product_change AS c
        WHERE c.source_rank >= 10
    ) AS c
    WHERE c.before <> c.content_hash
        AND NOT EXISTS (
            SELECT 1
            FROM dwh.dim_product AS d
            WHERE d.seller_no = c.seller_no
                AND d.product_id = c.product_id
                AND d.valid_from = c.effective_at
        )
)

SELECT
    k.dimension,
    k.members,
    k.versions,
    k.withdrawn,
    k.inferred,
    coalesce(b.filled, 0) AS filled,
    coalesce(b.rewritten, 0) AS rewritten,
    coalesce(s.corrections, 0) AS corrections
FROM kept AS k
LEFT JOIN believed AS b
    ON b.dimension = k.dimension
LEFT JOIN stated AS s
    ON s.dimension = k.dimension
ORDER BY array_position(ARRAY['seller', 'product', 'customer'], k.dimension)
