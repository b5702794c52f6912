-- Purpose: headers of known orders as they are now, with totals and sellers of their lines.
-- Grain: one row an order.
-- Parameters: batch_no, deliveries (bigint[]).
CREATE TEMPORARY TABLE header_write ON COMMIT DROP AS
WITH sellers AS (
    SELECT
        known.order_id,
        array_agg(DISTINCT known.seller_no) AS seller_nos
    FROM (
        SELECT
            before.order_id,
            unnest(before.seller_nos) AS seller_no
        FROM header_stored AS before
        UNION ALL
        SELECT
            said.order_id,
            unnest(said.seller_nos)
        FROM header_said AS said
        INNER JOIN order_known AS o
            ON o.order_id = said.order_id
    ) AS known
    GROUP BY known.order_id
),

recomputed AS (
    SELECT
        line.order_id,
        sum(line.line_amount + coalesce(line.freight_amount, 0)) AS computed_total
    FROM sellers
    INNER JOIN dwh.fact_order AS line
        ON line.seller_no = any(sellers.seller_nos)
            AND line.order_id = sellers.order_id
    GROUP BY line.order_id
),

-- An order lacks what the delivery that speaks of it had rejected; a reject of another delivery of
-- the batch says nothing of it.
lost AS (
    SELECT DISTINCT rejected.order_id
    FROM staging.rejected_item AS rejected
    INNER JOIN header_said AS said
        ON said.order_id = rejected.order_id
            AND said.delivery_key = rejected.delivery_key
    WHERE rejected.delivery_key = any(%(deliveries)s)
)

SELECT
    header.order_id,
    header.order_on,
    header.status,
    header.purchased_at,
    header.approved_at,
    header.shipped_at,
    header.delivered_at,
    header.promised_at,
    header.cancelled_at,
    customer.customer_key,
    coalesce(header.customer_no, -1) AS customer_no,
    header.declared_total,
    recomputed.computed_total,
    header.currency,
    coalesce(before.is_complete, TRUE) AND lost.order_id IS NULL AS is_complete,
    coalesce(sellers.seller_nos, '{}') AS seller_nos,
    coalesce(header.source, '') AS source,
    %(batch_no)s::bigint AS batch_no,
    header.delivery_key,
    header.record_no,
    header.source_line
FROM header_now AS header
LEFT JOIN sellers
    ON sellers.order_id = header.order_id
LEFT JOIN recomputed
    ON recomputed.order_id = header.order_id
LEFT JOIN header_stored AS before
    ON before.order_id = header.order_id
LEFT JOIN lost
    ON lost.order_id = header.order_id
LEFT JOIN dwh.dim_customer AS customer
    ON customer.customer_no = coalesce(header.customer_no, -1)
        AND (customer.version = 1 OR customer.valid_from <= header.purchased_at)
        AND header.purchased_at < customer.valid_to
