-- Purpose: lines that nobody said before, with the keys of the versions that were true at their
-- time (scd.md R7): a time before the first version binds to the first.
-- A key that a join does not find is null and refused by its NOT NULL: the batch rolls back. That
-- is the check of the foreign keys, which are NOT ENFORCED.
-- Grain: one row a line.
-- Parameters: deliveries (bigint[]), batch_no, zone.
WITH line AS (
    SELECT
        item.seller_no,
        item.order_id,
        item.order_line_no AS line_no,
        dated.ordered_at,
        (dated.ordered_at AT TIME ZONE %(zone)s)::date AS order_on,
        item.product_id,
        coalesce(item.customer_no, header.customer_no, -1) AS customer_no,
        item.quantity,
        item.unit_price,
        item.freight_amount,
        item.commission_amount,
        item.currency,
        coalesce(item.line_status, header.status) AS line_status,
        item.order_ref,
        item.buyer_ref,
        item.buyer_region,
        coalesce(item.delivered_at, header.delivered_at)
        > coalesce(item.promised_at, header.promised_at) AS is_late,
        item.said_at,
        item.source_rank,
        item.source_sequence AS said_sequence,
        item.content_hash,
        item.delivery_key,
        item.record_no,
        item.line_no AS source_line
    FROM staging.item_row AS item
    LEFT JOIN header_said AS header
        ON header.order_id = item.order_id
            AND header.is_needed
    CROSS JOIN
        LATERAL (
            -- The date of a header that was sent, else the line's own. An implied header is
            -- needed where a line of the order lacks a word only.
            SELECT
                coalesce(
                    CASE WHEN NOT header.is_implied THEN header.purchased_at END,
                    item.ordered_at,
                    header.purchased_at,
                    header.effective_at
                ) AS ordered_at
        ) AS dated
    WHERE item.delivery_key = any(%(deliveries)s)
        AND NOT EXISTS (
            SELECT 1
            FROM order_known AS known
            WHERE known.order_id = item.order_id
        )
        AND NOT EXISTS (
            SELECT 1
            FROM line_twice AS twice
            WHERE twice.seller_no = item.seller_no
                AND twice.order_id = item.order_id
                AND twice.order_line_no = item.order_line_no
        )
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
