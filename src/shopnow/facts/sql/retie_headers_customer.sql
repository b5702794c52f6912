-- Purpose: headers follow their customer to the version that holds at their time.
-- Grain: one row a customer, pair of versions and month, into retie_moved.
-- Parameters: first_on, next_on (days, end excluded: only their partitions are read).
WITH moved AS (
    UPDATE dwh.fact_order_header AS header
    SET customer_key = holding.customer_key
    FROM retie_bound AS bound
    INNER JOIN retie_range AS due
        ON due.dimension = bound.dimension
            AND due.natural_key = bound.natural_key
    INNER JOIN dwh.dim_customer AS holding
        ON holding.customer_no = due.customer_no
    WHERE bound.dimension = 'customer'
        AND header.order_on >= %(first_on)s
        AND header.order_on < %(next_on)s
        AND header.customer_key = bound.surrogate
        AND header.purchased_at >= due.changed_from
        AND header.purchased_at < due.changed_to
        AND (holding.version = 1 OR holding.valid_from <= header.purchased_at)
        AND header.purchased_at < holding.valid_to
        AND holding.customer_key <> header.customer_key
    RETURNING
        header.order_on,
        bound.natural_key,
        bound.surrogate AS old_version,
        holding.customer_key AS new_version
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
