-- Purpose: before and after of lines that are replaced.
-- Grain: one row a replaced line.
-- Parameters: run_at.
INSERT INTO history.fact_change (
    seller_no, fact, order_id, line_no, changed_at, before, after, delivery_key, record_no
)
SELECT
    line.seller_no,
    'fact_order',
    line.order_id,
    line.line_no,
    %(run_at)s,
    jsonb_build_object(
        'ordered_at', stored.ordered_at,
        'quantity', stored.quantity,
        'unit_price', stored.unit_price,
        'freight_amount', stored.freight_amount,
        'commission_amount', stored.commission_amount,
        'currency', stored.currency,
        'line_status', stored.line_status,
        'said_at', stored.said_at
    ),
    jsonb_build_object(
        'ordered_at', line.ordered_at,
        'quantity', line.quantity,
        'unit_price', line.unit_price,
        'freight_amount', line.freight_amount,
        'commission_amount', line.commission_amount,
        'currency', line.currency,
        'line_status', line.line_status,
        'said_at', line.said_at
    ),
    line.delivery_key,
    line.record_no
FROM line_write AS line
INNER JOIN dwh.fact_order AS stored
    ON stored.seller_no = line.seller_no
        AND stored.order_id = line.order_id
        AND stored.line_no = line.line_no
        AND stored.order_on = line.stored_on
WHERE line.is_change
