-- Purpose: new versions of offers, with the product version that was true at their time; an offer
-- of which nothing else is said can be ordered.
-- Grain: one row a version.
-- Parameters: batch_no, zone, deliveries (bigint[]), run_at.
WITH version AS (
    SELECT
        f.seller_no,
        f.product_id,
        f.valid_from AS observed_at,
        f.unit_price,
        f.currency,
        f.stock_quantity,
        f.is_available AND NOT f.is_deleted AS is_available,
        f.delivery_key,
        f.record_no,
        f.source_line
    FROM folded AS f
    WHERE NOT EXISTS (
            SELECT 1
            FROM dwh.fact_offer AS stored
            WHERE stored.seller_no = f.seller_no
                AND stored.product_id = f.product_id
                AND stored.observed_at = f.valid_from
        )
    UNION ALL
    SELECT
        said.seller_no,
        said.product_id,
        said.effective_at,
        said.unit_price,
        said.currency,
        said.stock_quantity,
        said.is_available,
        said.delivery_key,
        said.record_no,
        said.line_no
    FROM offer_said AS said
    WHERE said.effective_at <= %(run_at)s
        AND NOT EXISTS (
            SELECT 1
            FROM general_key AS g
            WHERE g.seller_no = said.seller_no
                AND g.product_id = said.product_id
        )
),

inserted AS (
    INSERT INTO dwh.fact_offer (
        seller_no, product_id, observed_at, product_key, unit_price, currency, stock_quantity,
        is_available, batch_no, delivery_key, record_no, source_line
    )
    SELECT
        version.seller_no,
        version.product_id,
        version.observed_at,
        product.product_key,
        version.unit_price,
        version.currency,
        version.stock_quantity,
        version.is_available,
        %(batch_no)s,
        version.delivery_key,
        version.record_no,
        version.source_line
    FROM version
    LEFT JOIN dwh.dim_product AS product
        ON product.seller_no = version.seller_no
            AND product.product_id = version.product_id
            AND (product.version = 1 OR product.valid_from <= version.observed_at)
            AND version.observed_at < product.valid_to
    RETURNING seller_no, product_id, observed_at
)

INSERT INTO offer_written (seller_no, product_id, date_on)
SELECT
    inserted.seller_no,
    inserted.product_id,
    (inserted.observed_at AT TIME ZONE %(zone)s)::date
FROM inserted
