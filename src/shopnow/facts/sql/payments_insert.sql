-- Purpose: new payments, and those that replace another.
-- Grain: one row a payment.
-- Parameters: batch_no.
INSERT INTO dwh.fact_payment (
    order_id, payment_no, order_on, type, amount, currency, instalments, said_at, source_rank,
    said_sequence, content_hash, batch_no, delivery_key, record_no, source_line
)
SELECT
    ranked.order_id,
    ranked.payment_no,
    ranked.order_on,
    ranked.type,
    ranked.amount,
    ranked.currency,
    ranked.instalments,
    ranked.said_at,
    ranked.source_rank,
    ranked.source_sequence,
    ranked.content_hash,
    %(batch_no)s,
    ranked.delivery_key,
    ranked.record_no,
    ranked.line_no
FROM payment_ranked AS ranked
WHERE ranked.place = 1
    AND (ranked.stored_hash IS NULL OR ranked.is_later)
