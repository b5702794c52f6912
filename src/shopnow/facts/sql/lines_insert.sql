-- Purpose: lines of either path, with the keys of the versions that were true at their time
-- (scd.md R7): a time before the first version binds to the first.
-- A key that a join does not find is null and refused by its NOT NULL: the batch rolls back. That
-- is the check of the foreign keys, which are NOT ENFORCED.
-- Grain: one row a line.
-- Parameters: batch_no, those of {lines}; {lines}, the work table of the general path or the
-- selection of fresh ones; {facts}, dwh.fact_order or what stands for it.
WITH line AS (
    SELECT said.*
    FROM {lines} AS said
),

inserted AS (
    INSERT INTO {facts} (
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
        -- The place of the version that the line is tied to, as the re-tie job writes it.
        CASE
            WHEN line.customer_no >= 0
                THEN nullif(concat_ws('-', customer.country, customer.region), '')
            ELSE line.buyer_region
        END,
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
    RETURNING seller_no, order_on
)

INSERT INTO touched_sales (seller_no, date_on)
SELECT DISTINCT
    inserted.seller_no,
    inserted.order_on
FROM inserted
