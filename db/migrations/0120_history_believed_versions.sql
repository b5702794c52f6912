-- Reading history: which seller stands for which, every version ever believed, members as they are.

-- Merges lead on: who stands for a seller may itself have been merged later. A seller leads to
-- itself where no merge is in force.
CREATE VIEW security.seller_survivor WITH (security_invoker = TRUE) AS
WITH RECURSIVE led AS (
    SELECT
        registered.seller_no,
        registered.seller_no AS survivor_no,
        0 AS steps
    FROM security.seller AS registered
    UNION ALL
    SELECT
        led.seller_no,
        bridge.merged_into,
        led.steps + 1
    FROM led
    INNER JOIN security.seller_bridge AS bridge
        ON bridge.seller_no = led.survivor_no
            AND bridge.valid_to = '9999-12-31 00:00+00'
    -- A circle of merges would be a mistake; it must not hang a reader.
    WHERE led.steps < 100
)

SELECT DISTINCT ON (led.seller_no)
    led.seller_no,
    led.survivor_no,
    led.steps
FROM led
ORDER BY led.seller_no ASC, led.steps DESC;
COMMENT ON VIEW security.seller_survivor IS
'The seller that stands for each seller now, itself where it was not merged; grain: one seller.';
COMMENT ON COLUMN security.seller_survivor.seller_no IS 'The seller, security.seller.';
COMMENT ON COLUMN security.seller_survivor.survivor_no IS 'The seller that stands for it now.';
COMMENT ON COLUMN security.seller_survivor.steps IS 'How many merges lead there; 0 for itself.';

-- A key with many superseded versions is read by time, not as a whole.
DROP INDEX history.seller_superseded_key_idx;
CREATE INDEX seller_superseded_period_idx
ON history.seller_superseded (seller_no, valid_from);
DROP INDEX history.product_superseded_key_idx;
CREATE INDEX product_superseded_period_idx
ON history.product_superseded (seller_no, product_id, valid_from);
DROP INDEX history.customer_superseded_key_idx;
CREATE INDEX customer_superseded_period_idx
ON history.customer_superseded (customer_no, valid_from);

CREATE VIEW history.seller_known WITH (security_invoker = TRUE) AS
SELECT
    d.seller_no,
    d.seller_key,
    d.country,
    d.region,
    d.city,
    d.status,
    d.commission_pct,
    d.valid_from,
    d.valid_to,
    d.is_deleted,
    d.is_inferred,
    d.version,
    d.known_from,
    '9999-12-31 00:00+00'::timestamptz AS known_to,
    NULL::text AS reason,
    d.delivery_key,
    d.record_no,
    d.source_line
FROM dwh.dim_seller AS d
UNION ALL
SELECT
    s.seller_no,
    s.seller_key,
    s.country,
    s.region,
    s.city,
    s.status,
    s.commission_pct,
    s.valid_from,
    s.valid_to,
    s.is_deleted,
    s.is_inferred,
    s.version,
    s.known_from,
    s.known_to,
    s.reason,
    s.delivery_key,
    s.record_no,
    s.source_line
FROM history.seller_superseded AS s;
COMMENT ON VIEW history.seller_known IS
'Every version of a seller that is or was believed: the dimension and what was superseded, with '
'the attributes of type 2; grain: one version over the time that it was believed.';

CREATE VIEW history.product_known WITH (security_invoker = TRUE) AS
SELECT
    d.seller_no,
    d.product_id,
    d.product_key,
    d.category_id,
    d.status,
    d.valid_from,
    d.valid_to,
    d.is_deleted,
    d.is_inferred,
    d.version,
    d.known_from,
    '9999-12-31 00:00+00'::timestamptz AS known_to,
    NULL::text AS reason,
    d.delivery_key,
    d.record_no,
    d.source_line
FROM dwh.dim_product AS d
UNION ALL
SELECT
    s.seller_no,
    s.product_id,
    s.product_key,
    s.category_id,
    s.status,
    s.valid_from,
    s.valid_to,
    s.is_deleted,
    s.is_inferred,
    s.version,
    s.known_from,
    s.known_to,
    s.reason,
    s.delivery_key,
    s.record_no,
    s.source_line
FROM history.product_superseded AS s;
COMMENT ON VIEW history.product_known IS
'Every version of a product that is or was believed: the dimension and what was superseded, with '
'the attributes of type 2; grain: one version over the time that it was believed.';

CREATE VIEW history.customer_known WITH (security_invoker = TRUE) AS
SELECT
    d.customer_no,
    d.customer_key,
    d.country,
    d.region,
    d.city,
    d.postal_area,
    d.valid_from,
    d.valid_to,
    d.is_deleted,
    d.is_inferred,
    d.version,
    d.known_from,
    '9999-12-31 00:00+00'::timestamptz AS known_to,
    NULL::text AS reason,
    d.delivery_key,
    d.record_no,
    d.source_line
FROM dwh.dim_customer AS d
UNION ALL
SELECT
    s.customer_no,
    s.customer_key,
    s.country,
    s.region,
    s.city,
    s.postal_area,
    s.valid_from,
    s.valid_to,
    s.is_deleted,
    s.is_inferred,
    s.version,
    s.known_from,
    s.known_to,
    s.reason,
    s.delivery_key,
    s.record_no,
    s.source_line
FROM history.customer_superseded AS s;
COMMENT ON VIEW history.customer_known IS
'Every version of a customer that is or was believed: the dimension and what was superseded, with '
'the attributes of type 2; grain: one version over the time that it was believed.';

CREATE VIEW dwh.seller_as_is WITH (security_invoker = TRUE) AS
SELECT
    led.seller_no,
    led.survivor_no,
    d.seller_key,
    d.seller_id,
    d.seller_name,
    d.legal_id,
    d.country,
    d.region,
    d.city,
    d.status,
    d.commission_pct,
    d.category,
    d.previous_category,
    d.category_changed_at,
    d.valid_from,
    d.is_inferred,
    d.version,
    d.known_from,
    d.delivery_key,
    d.record_no,
    d.source_line
FROM security.seller_survivor AS led
INNER JOIN dwh.dim_seller AS d
    ON d.seller_no = led.survivor_no
        AND d.valid_to = '9999-12-31 00:00+00'
WHERE NOT d.is_deleted;
COMMENT ON VIEW dwh.seller_as_is IS
'Sellers as they are (as-is), deleted ones hidden, a merged one under the seller that stands for it; '
'grain: one seller.';

CREATE VIEW dwh.product_as_is WITH (security_invoker = TRUE) AS
SELECT
    d.seller_no,
    d.product_id,
    d.product_key,
    d.title,
    d.description,
    d.brand,
    d.gtin,
    d.source_category,
    d.category_id,
    d.status,
    d.valid_from,
    d.is_inferred,
    d.version,
    d.known_from,
    d.delivery_key,
    d.record_no,
    d.source_line
FROM dwh.dim_product AS d
WHERE d.valid_to = '9999-12-31 00:00+00'
    AND NOT d.is_deleted;
COMMENT ON VIEW dwh.product_as_is IS
'Products as they are (as-is), deleted ones hidden; grain: one product.';

CREATE VIEW dwh.customer_as_is WITH (security_invoker = TRUE) AS
SELECT
    d.customer_no,
    d.customer_key,
    d.customer_id,
    d.country,
    d.region,
    d.city,
    d.postal_area,
    d.segment,
    d.previous_segment,
    d.segment_changed_at,
    d.valid_from,
    d.is_inferred,
    d.version,
    d.known_from,
    d.delivery_key,
    d.record_no,
    d.source_line
FROM dwh.dim_customer AS d
WHERE d.valid_to = '9999-12-31 00:00+00'
    AND NOT d.is_deleted;
COMMENT ON VIEW dwh.customer_as_is IS
'Customers as they are (as-is), deleted ones hidden; grain: one customer.';

COMMENT ON COLUMN history.seller_known.known_to IS
'When the warehouse learned better, UTC; 9999-12-31 while it is believed.';
COMMENT ON COLUMN history.seller_known.reason IS
'Why it was superseded: a word of the engine; null while it is believed.';
COMMENT ON COLUMN history.product_known.known_to IS
'When the warehouse learned better, UTC; 9999-12-31 while it is believed.';
COMMENT ON COLUMN history.product_known.reason IS
'Why it was superseded: a word of the engine; null while it is believed.';
COMMENT ON COLUMN history.customer_known.known_to IS
'When the warehouse learned better, UTC; 9999-12-31 while it is believed.';
COMMENT ON COLUMN history.customer_known.reason IS
'Why it was superseded: a word of the engine; null while it is believed.';
COMMENT ON COLUMN dwh.seller_as_is.survivor_no IS 'The seller that stands for it now, itself where it was not merged.';

-- A column of a view means what it means in the dimension.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT
            shown.attrelid::regclass AS relation,
            shown.attname,
            col_description(source.attrelid, source.attnum) AS sentence
        FROM (
            VALUES
            ('history.seller_known', 'dwh.dim_seller'),
            ('history.product_known', 'dwh.dim_product'),
            ('history.customer_known', 'dwh.dim_customer'),
            ('dwh.seller_as_is', 'dwh.dim_seller'),
            ('dwh.product_as_is', 'dwh.dim_product'),
            ('dwh.customer_as_is', 'dwh.dim_customer')
        ) AS pair (view_name, table_name)
        INNER JOIN pg_attribute AS shown
            ON shown.attrelid = pair.view_name::regclass
                AND shown.attnum > 0
        INNER JOIN pg_attribute AS source
            ON source.attrelid = pair.table_name::regclass
                AND source.attname = shown.attname
        WHERE col_description(shown.attrelid, shown.attnum) IS NULL
    LOOP
        EXECUTE format(
            'COMMENT ON COLUMN %s.%I IS %L', wanted.relation, wanted.attname, wanted.sentence
        );
    END LOOP;
END
$$;

GRANT SELECT ON history.seller_known, history.product_known, history.customer_known TO shopnow_etl;
GRANT SELECT ON dwh.seller_as_is, dwh.product_as_is, dwh.customer_as_is TO shopnow_etl;
GRANT SELECT ON security.seller_survivor TO shopnow_etl;

-- The star by name, for a limited time: whoever may read it may read its history.
GRANT USAGE ON SCHEMA dwh, history, security TO shopnow_analyst_detail;
GRANT SELECT ON dwh.dim_seller, dwh.dim_product, dwh.dim_customer TO shopnow_analyst_detail;
GRANT SELECT ON dwh.seller_as_is, dwh.product_as_is, dwh.customer_as_is TO shopnow_analyst_detail;
GRANT SELECT ON
history.seller_superseded, history.product_superseded, history.customer_superseded,
history.seller_known, history.product_known, history.customer_known
TO shopnow_analyst_detail;
GRANT SELECT ON security.seller, security.seller_bridge, security.seller_survivor
TO shopnow_analyst_detail;

-- Engineers see no customers, pseudonyms included.
GRANT USAGE ON SCHEMA dwh, history, security TO shopnow_engineer;
GRANT SELECT ON dwh.dim_seller, dwh.dim_product TO shopnow_engineer;
GRANT SELECT ON dwh.seller_as_is, dwh.product_as_is TO shopnow_engineer;
GRANT SELECT ON
history.seller_superseded, history.product_superseded, history.seller_known, history.product_known
TO shopnow_engineer;
GRANT SELECT ON security.seller, security.seller_bridge, security.seller_survivor
TO shopnow_engineer;
