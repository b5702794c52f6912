-- Purpose: dirt of the orders' own times and states, times of the zone they were written in.
-- Grain: one row.
WITH header AS (
    SELECT
        said.order_id,
        said.status,
        said.customer_no,
        said.seller_nos,
        said.purchased_at AT TIME ZONE 'America/Sao_Paulo' AS purchased_at,
        said.approved_at AT TIME ZONE 'America/Sao_Paulo' AS approved_at,
        said.shipped_at AT TIME ZONE 'America/Sao_Paulo' AS shipped_at,
        said.delivered_at AT TIME ZONE 'America/Sao_Paulo' AS delivered_at,
        said.promised_at AT TIME ZONE 'America/Sao_Paulo' AS promised_at
    FROM dwh.fact_order_header AS said
)

SELECT
    count(*) FILTER (WHERE cardinality(header.seller_nos) = 0) AS orders_without_items,
    count(*) FILTER (WHERE header.customer_no < 0) AS orders_without_customer,
    count(*) - count(DISTINCT header.order_id) AS duplicate_order_id,
    count(DISTINCT header.customer_no) AS distinct_customer_unique_id,
    count(*) FILTER (WHERE header.approved_at IS NULL) AS orders_approved_at_null,
    count(*) FILTER (WHERE header.shipped_at IS NULL) AS orders_carrier_date_null,
    count(*) FILTER (WHERE header.delivered_at IS NULL) AS orders_delivered_date_null,
    count(*) FILTER (WHERE header.status = 'delivered' AND header.delivered_at IS NULL)
        AS delivered_status_without_delivered_date,
    count(*) FILTER (WHERE header.status = 'cancelled' AND header.delivered_at IS NOT NULL)
        AS canceled_status_with_delivered_date,
    count(*) FILTER (WHERE header.shipped_at < header.approved_at) AS carrier_date_before_approved,
    count(*) FILTER (WHERE header.shipped_at < header.purchased_at) AS carrier_date_before_purchase,
    count(*) FILTER (WHERE header.delivered_at < header.shipped_at) AS delivered_before_carrier,
    count(*) FILTER (WHERE header.delivered_at::date > header.promised_at::date)
        AS "delivered_late_date_gt_estimated_date",
    count(*) FILTER (WHERE header.delivered_at IS NOT NULL) AS delivered_with_date,
    count(*) FILTER (WHERE cardinality(header.seller_nos) > 1) AS orders_with_several_sellers
FROM header;
