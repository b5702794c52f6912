-- Purpose: clicks follow their product to the version that holds at their time; those that came
-- before anything was known of it (bound to the reserved member) find it now.
-- Grain: one row a product, pair of versions and month, into retie_moved.
-- Parameters: first_on, next_on (days, end excluded: only their partitions are read).
WITH moved AS (
    UPDATE dwh.fact_clickstream AS click
    SET product_key = holding.product_key
    FROM retie_bound AS bound
    INNER JOIN retie_range AS due
        ON due.seller_no = bound.seller_no
            AND due.natural_key = bound.natural_key
    INNER JOIN dwh.dim_product AS holding
        ON holding.seller_no = due.seller_no
            AND holding.product_id = due.natural_key
    WHERE bound.dimension IN ('product', 'click')
        AND due.dimension = 'product'
        AND click.event_on >= %(first_on)s
        AND click.event_on < %(next_on)s
        AND click.seller_no = bound.seller_no
        AND click.product_key = bound.surrogate
        AND click.product_id = bound.natural_key
        AND click.event_at >= due.changed_from
        AND click.event_at < due.changed_to
        AND (holding.version = 1 OR holding.valid_from <= click.event_at)
        AND click.event_at < holding.valid_to
        AND holding.product_key <> click.product_key
    RETURNING
        click.seller_no,
        click.event_on,
        bound.natural_key,
        bound.surrogate AS old_version,
        holding.product_key AS new_version
),

touched AS (
    INSERT INTO touched_traffic (seller_no, date_on)
    SELECT DISTINCT
        moved.seller_no,
        moved.event_on
    FROM moved
    WHERE NOT EXISTS (
            SELECT 1
            FROM touched_traffic AS known
            WHERE known.seller_no = moved.seller_no
                AND known.date_on = moved.event_on
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
    date_trunc('month', moved.event_on::timestamp)::date,
    count(*)
FROM moved
GROUP BY 2, 3, 4, 5, 6
