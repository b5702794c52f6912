-- Order lines with the attributes of their own time (as-was), and with those of today (as-is).

-- By time, not by key: right at every moment, also while facts wait to be bound to versions that
-- came late (scd.md R7). A line before the first version takes that first one, "assumed".
CREATE VIEW dwh.order_line_as_was WITH (security_invoker = TRUE) AS
SELECT
    f.seller_no,
    f.order_id,
    f.line_no,
    f.order_on,
    f.ordered_at,
    s.seller_id,
    s.seller_name,
    s.country AS seller_country,
    s.status AS seller_status,
    s.commission_pct AS seller_commission_pct,
    p.product_id,
    p.title AS product_title,
    p.category_id AS product_category_id,
    p.status AS product_status,
    f.customer_no,
    c.country AS customer_country,
    c.region AS customer_region,
    f.quantity,
    f.unit_price,
    f.line_amount,
    f.freight_amount,
    f.commission_amount,
    f.currency,
    f.line_status,
    f.ordered_at < s.valid_from AS is_seller_assumed,
    f.ordered_at < p.valid_from AS is_product_assumed,
    f.ordered_at < c.valid_from AS is_customer_assumed,
    f.delivery_key,
    f.record_no
FROM dwh.fact_order AS f
INNER JOIN dwh.dim_seller AS s
    ON s.seller_no = f.seller_no
        AND f.ordered_at < s.valid_to
        AND (s.valid_from <= f.ordered_at OR s.version = 1)
INNER JOIN dwh.dim_product AS bound
    ON bound.seller_no = f.seller_no
        AND bound.product_key = f.product_key
INNER JOIN dwh.dim_product AS p
    ON p.seller_no = bound.seller_no
        AND p.product_id = bound.product_id
        AND f.ordered_at < p.valid_to
        AND (p.valid_from <= f.ordered_at OR p.version = 1)
INNER JOIN dwh.dim_customer AS c
    ON c.customer_no = f.customer_no
        AND f.ordered_at < c.valid_to
        AND (c.valid_from <= f.ordered_at OR c.version = 1);
COMMENT ON VIEW dwh.order_line_as_was IS
'Order lines with seller, product and customer as they were when it was ordered (as-was); grain: one '
'order line.';

CREATE VIEW dwh.order_line_as_is WITH (security_invoker = TRUE) AS
SELECT
    f.seller_no,
    f.order_id,
    f.line_no,
    f.order_on,
    f.ordered_at,
    led.survivor_no,
    s.seller_id,
    s.seller_name,
    s.country AS seller_country,
    s.status AS seller_status,
    s.commission_pct AS seller_commission_pct,
    p.product_id,
    p.title AS product_title,
    p.category_id AS product_category_id,
    p.status AS product_status,
    p.is_deleted AS is_product_deleted,
    f.customer_no,
    c.country AS customer_country,
    c.region AS customer_region,
    f.quantity,
    f.unit_price,
    f.line_amount,
    f.freight_amount,
    f.commission_amount,
    f.currency,
    f.line_status,
    f.delivery_key,
    f.record_no
FROM dwh.fact_order AS f
INNER JOIN security.seller_survivor AS led
    ON led.seller_no = f.seller_no
INNER JOIN dwh.dim_seller AS s
    ON s.seller_no = led.survivor_no
        AND s.valid_to = '9999-12-31 00:00+00'
INNER JOIN dwh.dim_product AS bound
    ON bound.seller_no = f.seller_no
        AND bound.product_key = f.product_key
INNER JOIN dwh.dim_product AS p
    ON p.seller_no = bound.seller_no
        AND p.product_id = bound.product_id
        AND p.valid_to = '9999-12-31 00:00+00'
INNER JOIN dwh.dim_customer AS c
    ON c.customer_no = f.customer_no
        AND c.valid_to = '9999-12-31 00:00+00';
COMMENT ON VIEW dwh.order_line_as_is IS
'Order lines with seller, product and customer as they are today (as-is), a merged seller under the one '
'that stands for it; grain: one order line.';

CREATE TEMPORARY TABLE column_word (
    column_name text PRIMARY KEY,
    sentence text NOT NULL
) ON COMMIT DROP;

INSERT INTO column_word (column_name, sentence)
VALUES
('line_no', 'Number of the line in its order: its position, or a hash of it.'),
('survivor_no', 'The seller that stands for the line''s seller now.'),
('seller_id', 'Identifier of the seller that people see.'),
('seller_name', 'Trade name of the seller.'),
('seller_country', 'Country of the seller, ISO 3166-1 alpha-2.'),
('seller_status', 'Status of the seller: pending, active, suspended or closed.'),
('seller_commission_pct', 'Commission of the seller in percent, 0 to 100.'),
('product_id', 'The seller''s identifier of the product.'),
('product_title', 'Title of the product.'),
('product_category_id', 'Category of the product, dwh.dim_category.'),
('product_status', 'Status of the product: active, paused or withdrawn.'),
('is_product_deleted', 'True when the product is withdrawn today.'),
('customer_country', 'Country of the customer, ISO 3166-1 alpha-2.'),
('customer_region', 'Region of the customer.'),
('is_seller_assumed', 'True when nothing is known of the seller at that time: its first version is shown.'),
('is_product_assumed', 'True when nothing is known of the product at that time: its first version is shown.'),
('is_customer_assumed', 'True when nothing is known of the customer at that time: the first version is shown.');

DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT
            shown.attrelid::regclass AS relation,
            shown.attname,
            coalesce(word.sentence, col_description(source.attrelid, source.attnum)) AS sentence
        FROM pg_attribute AS shown
        LEFT JOIN column_word AS word
            ON word.column_name = shown.attname
        LEFT JOIN pg_attribute AS source
            ON source.attrelid = 'dwh.fact_order'::regclass
                AND source.attname = shown.attname
        WHERE shown.attrelid IN (
                'dwh.order_line_as_was'::regclass, 'dwh.order_line_as_is'::regclass
            )
            AND shown.attnum > 0
    LOOP
        EXECUTE format(
            'COMMENT ON COLUMN %s.%I IS %L', wanted.relation, wanted.attname, wanted.sentence
        );
    END LOOP;
END
$$;

GRANT SELECT ON dwh.order_line_as_was, dwh.order_line_as_is TO shopnow_etl;
GRANT SELECT ON dwh.order_line_as_was, dwh.order_line_as_is, dwh.fact_order TO shopnow_analyst_detail;
