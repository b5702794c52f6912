-- Purpose: order lines follow their customer to the version that holds at their time, and take the
-- buyer's region from there.
-- Grain: one row a customer, pair of versions and month, into retie_moved.
-- Parameters: first_on, next_on (days, end excluded: only their partitions are read).
WITH moved AS (
    UPDATE dwh.fact_order AS line
    SET
        customer_key = holding.customer_key,
        buyer_region = nullif(concat_ws('-', holding.country, holding.region), '')
    FROM retie_bound AS bound
    INNER JOIN retie_range AS due
        ON due.dimension = bound.dimension
            AND due.natural_key = bound.natural_key
    INNER JOIN dwh.dim_customer AS holding
        ON holding.customer_no = due.customer_no
    WHERE bound.dimension = 'customer'
        AND line.order_on >= %(first_on)s
        AND line.order_on < %(next_on)s
        AND line.customer_key = bound.surrogate
        AND line.ordered_at >= due.changed_from
        AND line.ordered_at < due.changed_to
        AND (holding.version = 1 OR holding.valid_from <= line.ordered_at)
        AND line.ordered_at < holding.valid_to
        AND (
            holding.customer_key <> line.customer_key
            OR nullif(concat_ws('-', holding.country, holding.region), '')
            IS DISTINCT FROM line.buyer_region
        )
    RETURNING
        line.seller_no,
        line.order_on,
        bound.natural_key,
        bound.surrogate AS old_version,
        holding.customer_key AS new_version
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
    'customer',
    0,
    moved.natural_key,
    moved.old_version,
    moved.new_version,
    date_trunc('month', moved.order_on::timestamp)::date,
    count(*)
FROM moved
GROUP BY 3, 4, 5, 6
