-- Purpose: lines with the keys of the versions that were true at their time (scd.md R7): a time
-- before the first version binds to the first.
-- Grain: one row a line.
-- Parameters: batch_no.
WITH line AS (
    SELECT
        fresh.order_id,
        fresh.seller_no,
        fresh.line_no,
        fresh.ordered_at,
        fresh.order_on,
        fresh.product_id,
        fresh.customer_no,
        fresh.quantity,
        fresh.unit_price,
        fresh.freight_amount,
        fresh.commission_amount,
        fresh.currency,
        fresh.line_status,
        fresh.is_late,
        fresh.order_ref,
        fresh.buyer_ref,
        fresh.buyer_region,
        fresh.said_at,
        fresh.source_rank,
        fresh.said_sequence,
        fresh.content_hash,
        fresh.delivery_key,
        fresh.record_no,
        fresh.source_line
    FROM line_said AS fresh
    WHERE NOT fresh.is_known
        AND NOT EXISTS (
            SELECT 1
            FROM line_twice AS twice
            WHERE twice.seller_no = fresh.seller_no
                AND twice.order_id = fresh.order_id
                AND twice.line_no = fresh.line_no
        )
    UNION ALL
    SELECT
        general.order_id,
        general.seller_no,
        general.line_no,
        general.ordered_at,
        general.order_on,
        general.product_id,
        general.customer_no,
        general.quantity,
        general.unit_price,
        general.freight_amount,
        general.commission_amount,
        general.currency,
        general.line_status,
        general.is_late,
        general.order_ref,
        general.buyer_ref,
        general.buyer_region,
        general.said_at,
        general.source_rank,
        general.said_sequence,
        general.content_hash,
        general.delivery_key,
        general.record_no,
        general.source_line
    FROM line_write AS general
),

inserted AS (
    INSERT INTO dwh.fact_order (
        seller_no, order_id, line_no, order_on, seller_key, product_key, customer_key,
        customer_no, category_id, ordered_at, quantity, unit_price, line_amount,
        freight_amount, commission_amount, currency, line_status, order_ref, buyer_ref,
        buyer_region, is_late, said_at, source_rank, said_sequence, content_hash, batch_no,
        delivery_key, record_no, source_line
    )
    SELECT
        line.seller_no,
        line.order_id,
        line.line_no,
        line.order_on,
        seller.seller_key,
        product.product_key,
        customer.customer_key,
        line.customer_no,
        product.category_id,
        line.ordered_at,
        line.quantity,
        line.unit_price,
        line.quantity * line.unit_price,
        line.freight_amount,
        coalesce(
            line.commission_amount,
            line.quantity * line.unit_price * seller.commission_pct / 100
        ),
        line.currency,
        line.line_status,
        line.order_ref,
        line.buyer_ref,
        line.buyer_region,
        line.is_late,
        line.said_at,
        line.source_rank,
        line.said_sequence,
        line.content_hash,
        %(batch_no)s,
        line.delivery_key,
        line.record_no,
        line.source_line
    FROM line
    LEFT JOIN dwh.dim_seller AS seller
        ON seller.seller_no = line.seller_no
            AND (seller.version = 1 OR seller.valid_from <= line.ordered_at)
            AND line.ordered_at < seller.valid_to
    LEFT JOIN dwh.dim_product AS product
        ON product.seller_no = line.seller_no
            AND product.product_id = line.product_id
            AND (product.version = 1 OR product.valid_from <= line.ordered_at)
            AND line.ordered_at < product.valid_to
    LEFT JOIN dwh.dim_customer AS customer
        ON customer.customer_no = line.customer_no
            AND (customer.version = 1 OR customer.valid_from <= line.ordered_at)
            AND line.ordered_at < customer.valid_to
    RETURNING seller_no, order_id, order_on, seller_key, product_key, customer_key, line_amount,
        freight_amount
)

INSERT INTO line_written (
    seller_no, order_id, order_on, seller_key, product_key, customer_key, amount
)
SELECT
    inserted.seller_no,
    inserted.order_id,
    inserted.order_on,
    inserted.seller_key,
    inserted.product_key,
    inserted.customer_key,
    inserted.line_amount + coalesce(inserted.freight_amount, 0)
FROM inserted
