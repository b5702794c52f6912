-- Purpose: clicks follow their product to the version that holds at their time; those that came
-- before anything was known of it (bound to the reserved member) find it now.
-- Grain: one row a product, pair of versions and month, into retie_moved.
-- Parameters: first_on, next_on (days, end excluded: only their partitions are read),
-- sellers (integer[]: whose).
WITH due AS (
    SELECT
        click.seller_no,
        click.event_key,
        click.event_on,
        pair.natural_key,
        pair.surrogate,
        pair.holding_key
    FROM (
        -- Read once: joined as they are, all those of a seller may be read once a pair.
        SELECT
            read.seller_no,
            read.event_key,
            read.event_on,
            read.event_at,
            read.product_key,
            read.product_id
        FROM dwh.fact_clickstream AS read
        WHERE read.event_on >= %(first_on)s
            AND read.event_on < %(next_on)s
            AND read.seller_no = ANY(%(sellers)s)
        OFFSET 0
    ) AS click
    INNER JOIN retie_pair AS pair
        ON pair.seller_no = click.seller_no
            AND pair.surrogate = click.product_key
            AND pair.natural_key = click.product_id
    WHERE click.event_at >= pair.holds_from
        AND click.event_at < pair.holds_to
        AND pair.holding_key <> click.product_key
),

moved AS (
    UPDATE dwh.fact_clickstream AS click
    SET product_key = due.holding_key
    FROM due
    WHERE click.event_on >= %(first_on)s
        AND click.event_on < %(next_on)s
        AND click.seller_no = due.seller_no
        AND click.event_key = due.event_key
        AND click.event_on = due.event_on
    RETURNING
        click.seller_no,
        click.event_on,
        due.natural_key,
        due.surrogate AS old_version,
        due.holding_key AS new_version
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
