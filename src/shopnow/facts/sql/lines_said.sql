-- Purpose: the lines of the general path, each with its header's words where it has none of its
-- own: those of orders known already, and those said more than once. Where a header was sent that
-- says the date of the order, this is the date of its lines.
-- Grain: one row a staged line.
-- Parameters: deliveries (bigint[]), zone.
CREATE TEMPORARY TABLE line_said ON COMMIT DROP AS
WITH header AS (
    SELECT
        now.order_id,
        now.purchased_at,
        CASE WHEN now.is_dated THEN now.purchased_at END AS dated_at,
        now.customer_no,
        now.status,
        now.delivered_at,
        now.promised_at
    FROM header_now AS now
    UNION ALL
    SELECT
        said.order_id,
        coalesce(said.purchased_at, said.effective_at),
        CASE WHEN NOT said.is_implied THEN said.purchased_at END,
        said.customer_no,
        said.status,
        said.delivered_at,
        said.promised_at
    FROM header_said AS said
    WHERE NOT EXISTS (
            SELECT 1
            FROM order_known AS known
            WHERE known.order_id = said.order_id
        )
),

general AS (
    SELECT item.*
    FROM staging.item_row AS item
    INNER JOIN order_known AS known
        ON known.order_id = item.order_id
    WHERE item.delivery_key = any(%(deliveries)s)
    UNION ALL
    SELECT item.*
    FROM staging.item_row AS item
    INNER JOIN line_twice AS twice
        ON twice.seller_no = item.seller_no
            AND twice.order_id = item.order_id
            AND twice.order_line_no = item.order_line_no
    WHERE item.delivery_key = any(%(deliveries)s)
        AND NOT EXISTS (
            SELECT 1
            FROM order_known AS known
            WHERE known.order_id = item.order_id
        )
)

SELECT
    item.seller_no,
    item.order_id,
    item.order_line_no AS line_no,
    coalesce(header.dated_at, item.ordered_at, header.purchased_at) AS ordered_at,
    (
        coalesce(header.dated_at, item.ordered_at, header.purchased_at) AT TIME ZONE %(zone)s
    )::date AS order_on,
    item.product_id,
    coalesce(item.customer_no, header.customer_no, -1) AS customer_no,
    item.quantity,
    item.unit_price,
    item.freight_amount,
    item.commission_amount,
    item.currency,
    coalesce(item.line_status, header.status) AS line_status,
    coalesce(item.delivered_at, header.delivered_at)
    > coalesce(item.promised_at, header.promised_at) AS is_late,
    item.order_ref,
    item.buyer_ref,
    item.buyer_region,
    item.said_at,
    item.source_rank,
    item.source_sequence AS said_sequence,
    item.content_hash,
    item.delivery_key,
    item.record_no,
    item.line_no AS source_line
FROM general AS item
INNER JOIN header
    ON header.order_id = item.order_id
