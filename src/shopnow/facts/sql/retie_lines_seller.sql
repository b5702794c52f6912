-- Purpose: order lines follow their seller to the version that holds at their time. Their
-- commission stays: what it would be now is listed by retie_commissions.
-- Grain: one row a seller, pair of versions and month, into retie_moved.
-- Parameters: first_on, next_on (days, end excluded: only their partitions are read).
WITH moved AS (
    UPDATE dwh.fact_order AS line
    SET seller_key = holding.seller_key
    FROM retie_bound AS bound
    INNER JOIN retie_range AS due
        ON due.dimension = bound.dimension
            AND due.seller_no = bound.seller_no
    INNER JOIN dwh.dim_seller AS holding
        ON holding.seller_no = due.seller_no
    WHERE bound.dimension = 'seller'
        AND line.order_on >= %(first_on)s
        AND line.order_on < %(next_on)s
        AND line.seller_no = bound.seller_no
        AND line.seller_key = bound.surrogate
        AND line.ordered_at >= due.changed_from
        AND line.ordered_at < due.changed_to
        AND (holding.version = 1 OR holding.valid_from <= line.ordered_at)
        AND line.ordered_at < holding.valid_to
        AND holding.seller_key <> line.seller_key
    RETURNING
        line.seller_no,
        line.order_on,
        bound.natural_key,
        bound.surrogate AS old_version,
        holding.seller_key AS new_version
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
    'seller',
    moved.seller_no,
    moved.natural_key,
    moved.old_version,
    moved.new_version,
    date_trunc('month', moved.order_on::timestamp)::date,
    count(*)
FROM moved
GROUP BY 2, 3, 4, 5, 6
