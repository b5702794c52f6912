-- Purpose: the lines to write: new ones, those that replace another, those that are confirmed at a
-- later time.
-- Grain: one row a line.
-- Parameters: zone.
CREATE TEMPORARY TABLE line_write ON COMMIT DROP AS
-- Orders whose date moved are few: they are found first, then their stored lines.
WITH moved AS MATERIALIZED (
    SELECT
        header.order_id,
        header.order_on,
        header.purchased_at,
        header.customer_no,
        header.delivered_at,
        header.promised_at,
        before.order_on AS stored_on,
        before.purchased_at AS stored_purchased_at,
        before.seller_nos AS stored_seller_nos
    FROM header_stored AS before
    INNER JOIN header_now AS header
        ON header.order_id = before.order_id
    WHERE header.purchased_at <> before.purchased_at
)

SELECT
    ranked.seller_no,
    ranked.order_id,
    ranked.line_no,
    ranked.ordered_at,
    ranked.order_on,
    ranked.product_id,
    ranked.customer_no,
    ranked.quantity,
    ranked.unit_price,
    ranked.freight_amount,
    ranked.commission_amount,
    ranked.currency,
    ranked.line_status,
    ranked.is_late,
    ranked.order_ref,
    CASE
        WHEN ranked.buyer_ref IS NULL AND gone.subject_no IS NOT NULL THEN ranked.stored_buyer_ref
        ELSE ranked.buyer_ref
    END AS buyer_ref,
    ranked.buyer_region,
    ranked.said_at,
    ranked.source_rank,
    ranked.said_sequence,
    ranked.content_hash,
    ranked.delivery_key,
    ranked.record_no,
    ranked.source_line,
    ranked.stored_on,
    (ranked.stored_hash IS DISTINCT FROM ranked.content_hash) AS is_change
FROM line_ranked AS ranked
-- A buyer who was erased is named no more: the line keeps the reference that it has.
LEFT JOIN privacy.subject AS gone
    ON gone.subject_no = ranked.customer_no
        AND gone.erased_at IS NOT NULL
WHERE ranked.place = 1
    AND (ranked.stored_hash IS NULL OR ranked.is_later)
