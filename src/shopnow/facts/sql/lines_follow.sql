-- Purpose: stored lines that follow their header: its date, its status, whether it came late. A line
-- follows where it holds what the header held; what it says of its own stays.
-- Grain: one row a line.
-- Parameters: none.
INSERT INTO line_write (
    seller_no, order_id, line_no, ordered_at, order_on, product_id, customer_no, quantity,
    unit_price, freight_amount, commission_amount, currency, line_status, is_late, order_ref,
    buyer_ref, buyer_region, said_at, source_rank, said_sequence, content_hash, delivery_key,
    record_no, source_line, stored_on, is_change
)
WITH held AS (
    SELECT
        stored.*,
        header.purchased_at AS header_purchased_at,
        header.order_on AS header_order_on,
        header.customer_no AS header_customer_no,
        header.status AS header_status,
        header.delivered_at > header.promised_at AS header_is_late,
        stored.ordered_at <> past.purchased_at AS has_own_date,
        stored.line_status IS DISTINCT FROM past.status AS has_own_status,
        stored.is_late IS DISTINCT FROM past.is_late AS has_own_lateness
    FROM header_stored AS past
    INNER JOIN header_now AS header
        ON header.order_id = past.order_id
    INNER JOIN dwh.fact_order AS stored
        ON stored.seller_no = any(past.seller_nos)
            AND stored.order_id = past.order_id
            AND stored.order_on = past.order_on
)

SELECT
    held.seller_no,
    held.order_id,
    held.line_no,
    CASE WHEN held.has_own_date THEN held.ordered_at ELSE held.header_purchased_at END,
    CASE WHEN held.has_own_date THEN held.order_on ELSE held.header_order_on END,
    product.product_id,
    coalesce(held.header_customer_no, held.customer_no),
    held.quantity,
    held.unit_price,
    held.freight_amount,
    held.commission_amount,
    held.currency,
    CASE WHEN held.has_own_status THEN held.line_status ELSE held.header_status END,
    CASE WHEN held.has_own_lateness THEN held.is_late ELSE held.header_is_late END,
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
        (NOT held.has_own_date AND held.header_purchased_at <> held.ordered_at)
        OR (NOT held.has_own_status AND held.header_status IS DISTINCT FROM held.line_status)
        OR (NOT held.has_own_lateness AND held.header_is_late IS DISTINCT FROM held.is_late)
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
