-- Purpose: stored lines that follow their header: its date, its status, whether it came late. A line
-- follows where it holds what the header held; what it says of its own stays, but for the date: that
-- of a header that was sent is the date of its lines. A header that lines imply leads nobody.
-- Grain: one row a line.
-- Parameters: none.
WITH held AS (
    SELECT
        stored.*,
        header.order_on AS header_on,
        coalesce(header.customer_no, stored.customer_no) AS now_customer_no,
        NOT header.is_dated AND stored.ordered_at <> past.purchased_at AS has_own_date,
        CASE
            WHEN header.is_dated OR stored.ordered_at = past.purchased_at THEN header.purchased_at
            ELSE stored.ordered_at
        END AS now_ordered_at,
        CASE
            WHEN coalesce(stored.line_status, '') = coalesce(past.status, '') THEN header.status
            ELSE stored.line_status
        END AS now_status,
        CASE
            WHEN coalesce(stored.is_late::text, '') = coalesce(past.is_late::text, '')
                THEN header.delivered_at > header.promised_at
            ELSE stored.is_late
        END AS now_is_late
    FROM header_stored AS past
    INNER JOIN header_now AS header
        ON header.order_id = past.order_id
    INNER JOIN dwh.fact_order AS stored
        ON stored.seller_no = any(past.seller_nos)
            AND stored.order_id = past.order_id
    WHERE NOT header.is_implied
)

INSERT INTO line_write (
    seller_no, order_id, line_no, ordered_at, order_on, product_id, customer_no, quantity,
    unit_price, freight_amount, commission_amount, currency, line_status, is_late, order_ref,
    buyer_ref, buyer_region, said_at, source_rank, said_sequence, content_hash, delivery_key,
    record_no, source_line, stored_on, is_change
)
SELECT
    held.seller_no,
    held.order_id,
    held.line_no,
    held.now_ordered_at,
    CASE WHEN held.has_own_date THEN held.order_on ELSE held.header_on END,
    product.product_id,
    held.now_customer_no,
    held.quantity,
    held.unit_price,
    held.freight_amount,
    held.commission_amount,
    held.currency,
    held.now_status,
    held.now_is_late,
    held.order_ref,
    held.buyer_ref,
    held.buyer_region,
    held.said_at,
    held.source_rank,
    held.said_sequence,
    held.content_hash,
    held.delivery_key,
    held.record_no,
    held.source_line,
    held.order_on,
    FALSE
FROM held
INNER JOIN dwh.dim_product AS product
    ON product.seller_no = held.seller_no
        AND product.product_key = held.product_key
WHERE (
    held.now_ordered_at <> held.ordered_at
    OR coalesce(held.now_status, '') <> coalesce(held.line_status, '')
    OR coalesce(held.now_is_late::text, '') <> coalesce(held.is_late::text, '')
)
AND NOT EXISTS (
    SELECT 1
    FROM line_ranked AS ranked
    WHERE ranked.seller_no = held.seller_no
        AND ranked.order_id = held.order_id
        AND ranked.line_no = held.line_no
        AND ranked.place = 1
        AND (ranked.stored_hash IS NULL OR ranked.is_later)
)
