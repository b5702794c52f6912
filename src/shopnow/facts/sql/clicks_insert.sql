-- Purpose: new clicks with the product version that was true at their time; a page of no known
-- product is "unknown", a page without product is "not applicable".
-- Grain: one row a click.
-- Parameters: batch_no.
INSERT INTO dwh.fact_clickstream (
    seller_no, event_key, event_on, event_at, event_ref, session_ref, user_ref, customer_no,
    event_type, route, product_key, product_id, device_class, country, content_hash, batch_no,
    delivery_key, record_no, source_line
)
SELECT
    click.seller_no,
    click.event_key,
    click.event_on,
    click.event_at,
    click.event_ref,
    click.session_ref,
    click.user_ref,
    click.customer_no,
    click.event_type,
    click.route,
    coalesce(product.product_key, reserved.product_key),
    click.product_id,
    click.device_class,
    click.country,
    click.content_hash,
    %(batch_no)s,
    click.delivery_key,
    click.record_no,
    click.line_no
FROM click_ranked AS click
LEFT JOIN dwh.dim_product AS product
    ON product.seller_no = click.seller_no
        AND product.product_id = click.product_id
        AND (product.version = 1 OR product.valid_from <= click.event_at)
        AND click.event_at < product.valid_to
LEFT JOIN dwh.dim_product AS reserved
    ON reserved.seller_no = click.seller_no
        AND reserved.product_id = CASE WHEN click.product_id IS NULL THEN '#n/a' ELSE '#unknown' END
WHERE click.place = 1
    AND (click.stored_hash IS NULL OR click.content_hash > click.stored_hash)
