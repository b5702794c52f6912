-- purpose: how each product sells month by month, and how often it is looked at
-- grain: one product of a seller, one month in the house zone, one currency
-- owner: data engineering
-- freshness: 15 minutes
-- touched: seller_month
-- parameters: touched_months, touched_products, month_days, zone, batch_no, run_at

DELETE FROM mart.product_performance AS performance
USING touched_months AS touched
WHERE
    performance.seller_no = touched.seller_no
    AND performance.month = touched.month;

-- Clicks have no currency: they stand on the row of the product's main currency of the month, or
-- on a row of their own under XXX, "no currency" in ISO 4217, so that they add up.
-- A product has the category of its version at the end of the month; one whose first version is
-- later, that of its first version. Mostly it is a version that was sold, so that no second
-- reading of the dimension is needed.
INSERT INTO mart.product_performance (
    seller_no,
    product_id,
    month,
    currency,
    title,
    category_id,
    orders,
    units,
    returned_units,
    net_amount,
    views,
    carts,
    batch_no,
    refreshed_at
)
WITH sold AS (
    SELECT
        line.seller_no,
        touched.month,
        product.product_id,
        line.currency,
        count(DISTINCT hashtextextended(line.order_id, 0)) FILTER (WHERE line.quantity > 0)
            AS orders,
        coalesce(sum(line.quantity) FILTER (WHERE line.quantity > 0), 0) AS units,
        coalesce(sum(-line.quantity) FILTER (WHERE line.quantity < 0), 0) AS returned_units,
        coalesce(sum(line.line_amount), 0) AS net_amount,
        max(product.title) FILTER (
            WHERE
            product.valid_from < touched.ends_at
            AND product.valid_to >= touched.ends_at
        ) AS title,
        max(product.category_id) FILTER (
            WHERE
            product.valid_from < touched.ends_at
            AND product.valid_to >= touched.ends_at
        ) AS category_id,
        bool_or(
            product.valid_from < touched.ends_at
            AND product.valid_to >= touched.ends_at
        ) AS is_named
    FROM dwh.fact_order AS line
    INNER JOIN touched_months AS touched
        ON
            line.seller_no = touched.seller_no
            AND line.order_on >= touched.month
            AND line.order_on < touched.next_month
    INNER JOIN dwh.dim_product AS product
        ON
            line.seller_no = product.seller_no
            AND line.product_key = product.product_key
    WHERE line.order_on = ANY(%(month_days)s::date[])
    GROUP BY
        line.seller_no,
        touched.month,
        product.product_id,
        line.currency
),

ranked AS (
    SELECT
        sold.seller_no,
        sold.product_id,
        sold.month,
        sold.currency,
        sold.orders,
        sold.units,
        sold.returned_units,
        sold.net_amount,
        sold.title,
        sold.category_id,
        sold.is_named,
        row_number() OVER (
            PARTITION BY
                sold.seller_no,
                sold.month,
                sold.product_id
            ORDER BY
                sold.orders DESC,
                sold.currency ASC
        ) AS place
    FROM sold
),

visited AS (
    SELECT
        click.seller_no,
        click.product_id,
        touched.month,
        1::bigint AS place,
        count(*) FILTER (WHERE click.event_type = 'view_page') AS views,
        count(*) FILTER (WHERE click.event_type = 'add_to_cart') AS carts
    FROM dwh.fact_clickstream AS click
    INNER JOIN touched_months AS touched
        ON
            click.seller_no = touched.seller_no
            AND click.event_on >= touched.month
            AND click.event_on < touched.next_month
    WHERE
        click.event_on = ANY(%(month_days)s::date[])
        AND click.product_id IS NOT NULL
        AND click.event_type IN ('view_page', 'add_to_cart')
    GROUP BY
        click.seller_no,
        click.product_id,
        touched.month
),

performed AS (
    SELECT
        coalesce(ranked.seller_no, visited.seller_no) AS seller_no,
        coalesce(ranked.product_id, visited.product_id) AS product_id,
        coalesce(ranked.month, visited.month) AS month,
        coalesce(ranked.currency, 'XXX') AS currency,
        coalesce(ranked.orders, 0) AS orders,
        coalesce(ranked.units, 0) AS units,
        coalesce(ranked.returned_units, 0) AS returned_units,
        coalesce(ranked.net_amount, 0) AS net_amount,
        coalesce(visited.views, 0) AS views,
        coalesce(visited.carts, 0) AS carts,
        ranked.title,
        ranked.category_id,
        coalesce(ranked.is_named, FALSE) AS is_named,
        (coalesce(ranked.month, visited.month) + interval '1 month') AT TIME ZONE %(zone)s
            AS ends_at
    FROM ranked
    FULL JOIN visited
        ON
            ranked.seller_no = visited.seller_no
            AND ranked.product_id = visited.product_id
            AND ranked.month = visited.month
            AND ranked.place = visited.place
)

SELECT
    performed.seller_no,
    performed.product_id,
    performed.month,
    performed.currency,
    CASE
        WHEN performed.is_named THEN performed.title
        ELSE (
            SELECT version.title
            FROM dwh.dim_product AS version
            WHERE
                version.seller_no = performed.seller_no
                AND version.product_id = performed.product_id
                AND version.valid_to >= performed.ends_at
            ORDER BY version.valid_from
            LIMIT 1
        )
    END,
    CASE
        WHEN performed.is_named THEN performed.category_id
        ELSE (
            SELECT version.category_id
            FROM dwh.dim_product AS version
            WHERE
                version.seller_no = performed.seller_no
                AND version.product_id = performed.product_id
                AND version.valid_to >= performed.ends_at
            ORDER BY version.valid_from
            LIMIT 1
        )
    END,
    performed.orders,
    performed.units,
    performed.returned_units,
    performed.net_amount,
    performed.views,
    performed.carts,
    %(batch_no)s,
    %(run_at)s
FROM performed;

-- A new title or category reaches the months that nothing was sold in since.
UPDATE mart.product_performance AS performance
SET
    title = named.title,
    category_id = named.category_id,
    batch_no = %(batch_no)s,
    refreshed_at = %(run_at)s
FROM (
    SELECT DISTINCT ON (
        shown.seller_no,
        shown.product_id,
        shown.month,
        shown.currency
    )
        shown.seller_no,
        shown.product_id,
        shown.month,
        shown.currency,
        version.title,
        version.category_id
    FROM mart.product_performance AS shown
    INNER JOIN touched_products AS touched
        ON
            shown.seller_no = touched.seller_no
            AND shown.product_id = touched.product_id
    INNER JOIN dwh.dim_product AS version
        ON
            shown.seller_no = version.seller_no
            AND shown.product_id = version.product_id
            AND version.valid_to >= (shown.month + interval '1 month') AT TIME ZONE %(zone)s
    ORDER BY
        shown.seller_no ASC,
        shown.product_id ASC,
        shown.month ASC,
        shown.currency ASC,
        version.valid_from ASC
) AS named
WHERE
    performance.seller_no = named.seller_no
    AND performance.product_id = named.product_id
    AND performance.month = named.month
    AND performance.currency = named.currency
    AND (
        performance.title IS DISTINCT FROM named.title
        OR performance.category_id IS DISTINCT FROM named.category_id
    );
