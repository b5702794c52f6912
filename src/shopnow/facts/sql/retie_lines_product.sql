-- Purpose: order lines follow their product to the version that holds at their time, and take its
-- category from there.
-- Grain: one row a product, pair of versions and month, into retie_moved.
-- Parameters: first_on, next_on (days, end excluded: only their partitions are read),
-- sellers (integer[]: whose).
WITH due AS (
    SELECT
        line.seller_no,
        line.order_id,
        line.line_no,
        line.order_on,
        pair.natural_key,
        pair.surrogate,
        pair.holding_key,
        pair.category_id
    FROM (
        -- Read once: joined as they are, all those of a seller may be read once a pair.
        SELECT
            read.seller_no,
            read.order_id,
            read.line_no,
            read.order_on,
            read.ordered_at,
            read.product_key,
            read.category_id
        FROM dwh.fact_order AS read
        WHERE read.order_on >= %(first_on)s
            AND read.order_on < %(next_on)s
            AND read.seller_no = ANY(%(sellers)s)
        OFFSET 0
    ) AS line
    INNER JOIN retie_pair AS pair
        ON pair.seller_no = line.seller_no
            AND pair.surrogate = line.product_key
    WHERE pair.dimension = 'product'
        AND line.ordered_at >= pair.holds_from
        AND line.ordered_at < pair.holds_to
        AND (
            pair.holding_key <> line.product_key
            OR pair.category_id IS DISTINCT FROM line.category_id
        )
),

moved AS (
    UPDATE dwh.fact_order AS line
    SET
        product_key = due.holding_key,
        category_id = due.category_id
    FROM due
    WHERE line.order_on >= %(first_on)s
        AND line.order_on < %(next_on)s
        AND line.seller_no = due.seller_no
        AND line.order_id = due.order_id
        AND line.line_no = due.line_no
        AND line.order_on = due.order_on
    RETURNING
        line.seller_no,
        line.order_on,
        due.natural_key,
        due.surrogate AS old_version,
        due.holding_key AS new_version
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
