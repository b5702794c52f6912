-- Purpose: order lines follow their product to the version that holds at their time, and take its
-- category from there.
-- Grain: one row a product, pair of versions and month, into retie_moved.
-- Parameters: first_on, next_on (days, end excluded: only their partitions are read).
WITH moved AS (
    UPDATE dwh.fact_order AS line
    SET
        product_key = holding.product_key,
        category_id = holding.category_id
    FROM retie_bound AS bound
    INNER JOIN retie_range AS due
        ON due.dimension = bound.dimension
            AND due.seller_no = bound.seller_no
            AND due.natural_key = bound.natural_key
    INNER JOIN dwh.dim_product AS holding
        ON holding.seller_no = due.seller_no
            AND holding.product_id = due.natural_key
    WHERE bound.dimension = 'product'
        AND line.order_on >= %(first_on)s
        AND line.order_on < %(next_on)s
        AND line.seller_no = bound.seller_no
        AND line.product_key = bound.surrogate
        AND line.ordered_at >= due.changed_from
        AND line.ordered_at < due.changed_to
        AND (holding.version = 1 OR holding.valid_from <= line.ordered_at)
        AND line.ordered_at < holding.valid_to
        AND (
            holding.product_key <> line.product_key
            OR holding.category_id IS DISTINCT FROM line.category_id
        )
    RETURNING
        line.seller_no,
        line.order_on,
        bound.natural_key,
        bound.surrogate AS old_version,
        holding.product_key AS new_version
),

touched AS (
    INSERT INTO touched_sales (seller_no, date_on)
    SELECT DISTINCT
        moved.seller_no,
        moved.order_on
    FROM moved
    WHERE NOT EXISTS (
            SELECT 1
            FROM touched_sales AS known
            WHERE known.seller_no = moved.seller_no
                AND known.date_on = moved.order_on
        )
)

INSERT INTO retie_moved (
    dimension, seller_no, natural_key, old_version, new_version, month, facts
)
SELECT
    'product',
    moved.seller_no,
    moved.natural_key,
    moved.old_version,
    moved.new_version,
    date_trunc('month', moved.order_on::timestamp)::date,
    count(*)
FROM moved
GROUP BY 2, 3, 4, 5, 6
