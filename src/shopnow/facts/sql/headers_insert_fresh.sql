-- Purpose: headers of orders that nobody spoke of before, with totals and sellers of their lines.
-- Grain: one row an order.
-- Parameters: batch_no, deliveries (bigint[]), zone; {facts}, dwh.fact_order_header or what stands
-- for it.
-- An order lacks what the delivery that speaks of it had rejected; a reject of another delivery of
-- the batch says nothing of it.
WITH lost AS (
    SELECT DISTINCT rejected.order_id
    FROM staging.rejected_item AS rejected
    INNER JOIN header_said AS said
        ON said.order_id = rejected.order_id
            AND said.delivery_key = rejected.delivery_key
    WHERE rejected.delivery_key = any(%(deliveries)s)
),

header AS (
    SELECT
        said.*,
        coalesce(said.purchased_at, said.effective_at) AS bought_at
    FROM header_said AS said
    WHERE NOT EXISTS (
            SELECT 1
            FROM order_known AS known
            WHERE known.order_id = said.order_id
        )
)

INSERT INTO {facts} (
    order_id, order_on, status, purchased_at, approved_at, shipped_at, delivered_at, promised_at,
    cancelled_at, customer_key, customer_no, declared_total, computed_total, currency,
    is_complete, seller_nos, source, batch_no, delivery_key, record_no, source_line
)
SELECT
    header.order_id,
    (header.bought_at AT TIME ZONE %(zone)s)::date,
    header.status,
    header.bought_at,
    header.approved_at,
    header.shipped_at,
    header.delivered_at,
    header.promised_at,
    header.cancelled_at,
    customer.customer_key,
    coalesce(header.customer_no, -1),
    header.declared_total,
    header.total,
    header.currency,
    lost.order_id IS NULL,
    coalesce(header.seller_nos, ARRAY[]::integer[]),
    header.source,
    %(batch_no)s,
    header.delivery_key,
    header.record_no,
    header.source_line
FROM header
LEFT JOIN lost
    ON lost.order_id = header.order_id
LEFT JOIN dwh.dim_customer AS customer
    ON customer.customer_no = coalesce(header.customer_no, -1)
        AND (customer.version = 1 OR customer.valid_from <= header.bought_at)
        AND header.bought_at < customer.valid_to
